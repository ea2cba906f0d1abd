import Glibc
import Platform
import Testing

@testable import Disks

/// A scratch folder for a test, on a disk where there is one.
func testFolder() throws -> ScratchFolder { try ScratchFolder(bytes: 16 << 20) }

/// Whether scratch folders have direct I/O here.
let hasDisk = DirectAccess.refusal(bytes: 16 << 20) == nil
/// Whether this process may use io_uring.
let hasRing = RingAccess.refusal == nil
