/// What the kernel lets programs ask for.
public enum SocketBuffers {
  /// Bytes of the largest buffer, the smaller of a receive and a send buffer.
  public static var largest: Int {
    ["rmem_max", "wmem_max"].map { name in
      TextFile.text("/proc/sys/net/core/\(name)").flatMap { Int($0) } ?? 0
    }.min() ?? 0
  }
}
