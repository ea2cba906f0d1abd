/// The algorithms of TCP's congestion control that this kernel has.
public enum CongestionControl {
  /// Their names, such as `cubic`; those in modules that nobody has loaded are not among them.
  public static var available: [String] {
    let text = TextFile.text("/proc/sys/net/ipv4/tcp_available_congestion_control") ?? ""
    return text.split(separator: " ").map(String.init)
  }
}
