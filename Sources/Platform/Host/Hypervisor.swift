import CPerflab

/// Who runs this machine, if it is a guest.
enum Hypervisor {
  /// The name; "unknown" where the processor says that it is a guest's and nothing says whose.
  /// Nil on bare metal. Sources: the processor's flag and leaf 0x40000000, `/sys/hypervisor/type`,
  /// the firmware's tables, the device tree.
  static func name(_ info: ProcessorInfo, root: String) -> String? {
    if root.isEmpty, let signature { return names[signature] ?? signature }
    if let type = TextFile.text(root + "/sys/hypervisor/type"), !type.isEmpty {
      return type == "xen" ? "Xen" : type
    }
    let firmware = firmwareName(root)
    if info.isGuest { return firmware ?? "unknown" }
    if !info.flags.isEmpty && info.flags.contains("fpu") { return nil }
    // An Arm processor does not report it; a device tree or the firmware's product name may.
    if TextFile.text(root + "/sys/firmware/devicetree/base/hypervisor/compatible") != nil {
      return firmware ?? "KVM"
    }
    return firmware
  }

  private static func firmwareName(_ root: String) -> String? {
    let folder = root + "/sys/class/dmi/id/"
    let product = TextFile.text(folder + "product_name") ?? ""
    let vendor = TextFile.text(folder + "sys_vendor") ?? ""
    // Rented bare metal carries the landlord's name too.
    if product.hasSuffix(".metal") || product.contains(".metal-") { return nil }
    let known = [
      ("QEMU", "KVM"), ("KVM", "KVM"), ("VMware", "VMware"), ("VirtualBox", "VirtualBox"),
      ("Virtual Machine", "Hyper-V"), ("Google Compute Engine", "KVM (Google)"),
      ("Amazon EC2", "KVM (Amazon)"), ("Xen", "Xen"), ("Parallels", "Parallels"),
      ("bhyve", "bhyve"), ("Apple Virtualization", "Apple Virtualization"),
    ]
    return known.first { product.contains($0.0) || vendor.contains($0.0) }?.1
  }

  private static var signature: String? {
    var letters = [CChar](repeating: 0, count: 13)
    guard perflab_hypervisor_signature(&letters) == 1 else { return nil }
    let text = String(
      decoding: letters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.isEmpty ? "unknown" : text
  }

  private static let names = [
    "KVMKVMKVM": "KVM", "Linux KVM Hv": "KVM", "Microsoft Hv": "Hyper-V",
    "VMwareVMware": "VMware", "XenVMMXenVMM": "Xen", "TCGTCGTCGTCG": "QEMU",
    "bhyve bhyve ": "bhyve", "VBoxVBoxVBox": "VirtualBox", " lrpepyh  vr": "Parallels",
    "ACRNACRNACRN": "ACRN",
  ]
}
