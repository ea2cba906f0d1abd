/// The sum of the bytes as words of eight, a last part filled with zeros: a digest of what arrived
/// that costs a small part of the copying.
@inlinable
public func wordSum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
  let whole = bytes.count / 8
  var sum: UInt64 = 0
  for index in 0..<whole {
    sum &+= bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
  }
  var shift: UInt64 = 0
  for byte in bytes[(8 * whole)...] {
    sum &+= UInt64(byte) << shift
    shift += 8
  }
  return sum
}
