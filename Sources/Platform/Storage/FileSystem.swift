import CPerflab
import Glibc

/// The file system that a folder or file lies on.
public struct FileSystem: Sendable, Equatable {
  /// As the kernel names it: `ext4`, `xfs`, `tmpfs`, `overlay`; the magic number where the kernel
  /// does not say.
  public let kind: String
  /// The source of the mount: `/dev/nvme0n1p2`; empty where the kernel does not say.
  public let device: String
  /// Bytes that an ordinary user may still write.
  public let freeBytes: Int

  /// Whether its files are in memory, so that nothing reaches a device.
  public var isInMemory: Bool { kind == "tmpfs" || kind == "ramfs" }

  /// `ext4 on /dev/vda`, or the kind alone where the source of the mount is no device.
  public var text: String { device.hasPrefix("/") ? "\(kind) on \(device)" : kind }

  init(kind: String, device: String, freeBytes: Int) {
    self.kind = kind
    self.device = device
    self.freeBytes = freeBytes
  }

  /// - Throws: why the kernel gives no answer: there is no such path.
  public init(of path: String) throws(SystemError) {
    var (magic, free): (UInt32, Int64) = (0, 0)
    guard perflab_file_system(path, &magic, &free) == 0 else {
      throw SystemError(call: "statfs \(path)", errno: errno)
    }
    var about = stat()
    guard stat(path, &about) == 0 else { throw SystemError(call: "stat \(path)", errno: errno) }
    freeBytes = Int(free)
    let table = TextFile.text("/proc/self/mountinfo") ?? ""
    let mount = Self.mount(Self.number(of: about.st_dev), in: table)
    kind = mount?.kind ?? Self.kinds[magic] ?? "0x" + String(magic, radix: 16)
    device = mount?.device ?? ""
  }

  /// Btrfs gives each subvolume a device number that no mount has.
  private static let kinds: [UInt32: String] = [
    0xef53: "ext4", 0x5846_5342: "xfs", 0x0102_1994: "tmpfs", 0x8584_58f6: "ramfs",
    0x794c_7630: "overlay", 0x9123_683e: "btrfs", 0x2fc1_2fc1: "zfs", 0x6969: "nfs",
    0xf2f5_2010: "f2fs",
  ]

  /// `259:2`, as in the kernel's table of mounts.
  private static func number(of device: dev_t) -> String {
    let device = UInt64(device)
    let major = (device >> 8) & 0xfff | (device >> 32) & ~0xfff
    let minor = device & 0xff | (device >> 12) & ~0xff
    return "\(major):\(minor & 0xffff_ffff)"
  }

  /// The mount of a device number in the text of `/proc/self/mountinfo` (proc(5)).
  static func mount(_ number: String, in table: String) -> (kind: String, device: String)? {
    for line in table.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 2, fields[2] == number, let end = fields.firstIndex(of: "-"),
        end + 2 < fields.count
      else { continue }
      return (String(fields[end + 1]), String(fields[end + 2]))
    }
    return nil
  }
}
