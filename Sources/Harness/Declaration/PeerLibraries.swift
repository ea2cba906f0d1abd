extension PeerLibrary {
  /// What any C++ compiler brings.
  public static let standard = PeerLibrary("standard", title: "C++'s library")
  /// Code in C++ that no library has, as the literature describes it.
  public static let textbook = PeerLibrary("textbook", title: "C++ code of textbooks")
  /// Tasks on threads. An idle one gives up after some rounds of looking for work, each with a pause
  /// (oneTBB, src/tbb/waiters.h); this is several times what they took where it was looked at.
  public static let oneTBB = PeerLibrary("tbb", title: "oneTBB", idleSpin: 500_000)
  /// Linear algebra. It starts a thread per processor when it is opened, unless it is told not to.
  public static let openBLAS = PeerLibrary(
    "openblas", title: "OpenBLAS",
    variables: ["OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"])
  /// Hash tables.
  public static let abseil = PeerLibrary("abseil", title: "Abseil")
  /// Pools, queues, sorting.
  public static let boost = PeerLibrary("boost", title: "Boost")
  /// Vectorised sorting.
  public static let highway = PeerLibrary("highway", title: "Highway")

  /// All of them.
  public static let all = [standard, textbook, oneTBB, openBLAS, abseil, boost, highway]
}
