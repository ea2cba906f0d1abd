import Codecs
import Harness
import Platform
import Results
import Systems

/// A registry behind a link, and nodes that fetch a release from it.
final class ImageRegistry {
  /// Bits per second.
  static let rate = 400e6
  /// Seconds.
  static let roundTrip = 0.002
  /// Of scratch space.
  static let bytes = 64 << 20
  /// Bytes that open a window: more than twice rate × round trip.
  private static let opening = 256 << 10

  /// Bytes of an archive, and what is fetched of it.
  private static let packed = OncePerProcess<(bytes: Int, blob: [UInt8])>()

  private(set) var report: [String: Counter] = [:]
  private let folder: ScratchFolder
  private let codec: Codec
  /// As it is fetched, and how long it is unpacked.
  private let (blob, archiveBytes): ([UInt8], Int)
  private let nodes: [String]
  private let server: ByteServer?
  private let clients: [(client: ByteClient, connection: Socket)]
  private let expected: UInt64

  /// - Parameters:
  ///   - layers: that the nodes fetch; they have the system's files already where it is not among
  ///     them.
  ///   - isLinked: whether there is a registry, and not only nodes.
  init(
    _ point: Point, _ codec: Codec, _ layers: [ImageLayer], isLinked: Bool = true
  ) throws {
    folder = try ScratchFolder(bytes: Self.bytes)
    self.codec = codec
    let (archiveBytes, blob) = try Self.packed("\(codec) \(layers.count)") {
      let archive = ImageLayer.archive(layers)
      return (archive.count, try codec.compressed(archive))
    }
    (self.blob, self.archiveBytes) = (blob, archiveBytes)
    let nodes = (0..<point.value).map { [folder] in folder.file("node-\($0)-") }
    self.nodes = nodes
    expected = Self.digest(ImageLayer.program.files.map { ($0.name, $0.bytes[...]) })
    report = [
      "bytes over the link per node": Counter(Double(blob.count), unit: .bytes),
      "share of the bytes before compression": .share(
        Double(blob.count) / Double(archiveBytes)),
    ]
    for node in nodes {
      for file in ImageLayer.system.files { try FileTree.write(file.bytes, to: node + file.name) }
    }
    guard isLinked else {
      (server, clients) = (nil, [])
      return
    }
    let path = LinkPath(rate: Self.rate, delay: Int(Self.roundTrip * 5e8), queueBytes: 4 << 20)
    let hosts = try LinkedHosts.shared(
      toServer: path, toClient: path, settings: ["net/ipv4/tcp_slow_start_after_idle": "0"],
      seed: point.seed, cpu: point.cpus.last!)
    let server = try ByteServer(
      in: hosts.server, content: blob, cpu: point.cpus[0], isConcurrent: true)
    self.server = server
    clients = try nodes.map { _ in
      let client = ByteClient(of: server, in: hosts.client, largest: blob.count)
      return (client, try client.connect())
    }
    // Their windows open.
    for each in clients {
      let bytes = min(blob.count, Self.opening)
      try each.client.request(bytes, on: each.connection)
      _ = try each.client.receive(bytes, on: each.connection)
    }
    for node in nodes {
      for file in ImageLayer.system.files
      where try StoreReceiver.contents(of: node + file.name) != file.bytes {
        throw OtherFiles(node: node)
      }
    }
  }

  deinit { for each in clients { each.connection.end() } }

  /// All nodes fetch the release at once, and write its files.
  /// - Returns: a digest of the program's files that a node has then.
  /// - Throws: `OtherFiles` where a node has others.
  func start() throws -> UInt64 {
    for each in clients { try each.client.request(blob.count, on: each.connection) }
    for (node, each) in zip(nodes, clients) {
      _ = try each.client.receive(blob.count, on: each.connection)
      try unpack(on: node)
    }
    for node in nodes where try found(on: node) != expected { throw OtherFiles(node: node) }
    return expected
  }

  /// What has come is what the registry has, which the client's sum of its words shows.
  private func unpack(on node: String) throws {
    let archive = try codec.decompressed(blob, count: archiveBytes)
    for file in ImageLayer.files(in: archive) {
      try FileTree.write(Array(file.bytes), to: node + file.name)
    }
  }

  private func found(on node: String) throws -> UInt64 {
    Self.digest(
      try ImageLayer.program.files.map { file in
        (file.name, try StoreReceiver.contents(of: node + file.name)[...])
      })
  }

  private static func digest(_ files: [(name: String, bytes: ArraySlice<UInt8>)]) -> UInt64 {
    files.reduce(0) { sum, file in
      sum &+ mixed(file.bytes.withUnsafeBytes { wordSum($0) } &+ UInt64(file.name.utf8.count))
    }
  }

  /// Nanoseconds that the link is busy with a node's bytes; a packet of 1,500 carries 1,448.
  var transmission: Double { Double(blob.count) * 8 * 1_500 / 1_448 / Self.rate * 1e9 }

  func unpackingTime() throws -> Double {
    let start = Clock.now()
    try unpack(on: nodes[0])
    _ = try found(on: nodes[0])
    return Double(Clock.now() - start)
  }

  private struct OtherFiles: Error, CustomStringConvertible {
    let node: String
    var description: String { "\(node) has other files than the image" }
  }
}
