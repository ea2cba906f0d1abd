import NIOCore
import NIOPosix
import Platform
import Synchronization
import Systems

/// A reverse proxy in front of a Shop that is taken apart: it knows which process serves what,
/// changes that while requests come, and can hold some of them back until their data have moved.
///
/// One event loop of SwiftNIO. Each connection of a client has a connection of its own to each
/// service that it needs; a message is passed on whole.
///
/// Source: Fowler, *StranglerFigApplication*, 2004; the fence is that of a cut-over (Spirit,
/// gh-ost).
public final class Facade: Sendable {
  /// Where clients connect.
  public let endpoint: Endpoint
  private let loops: EventLoops
  private let listener: any Channel
  private let core: NIOLoopBound<FacadeCore>
  private let others = Mutex<[any Channel]>([])

  private var loop: any EventLoop { loops.loops[0] }

  /// Starts to listen on loopback.
  /// - Parameter cpu: of its event loop.
  /// - Throws: `AffinityRefused`, or what SwiftNIO throws.
  public init(_ routes: FacadeRoutes, cpu: Int) throws {
    loops = try EventLoops(cpus: [cpu])
    let loop = loops.loops[0]
    core = try loop.submit { NIOLoopBound(FacadeCore(routes, loop), eventLoop: loop) }.wait()
    listener = try Self.listen(0, core)
    endpoint = .loopback(port: UInt16(listener.localAddress?.port ?? 0))
  }

  deinit {
    for channel in [listener] + others.withLock({ $0 }) { channel.close(promise: nil) }
    loop.execute { [core] in core.value.closeAll() }
  }

  private static func listen(_ port: UInt16, _ core: NIOLoopBound<FacadeCore>) throws -> any Channel
  {
    try ServerBootstrap(group: core.eventLoop)
      .serverChannelOption(.backlog, value: 4_096)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(FacadeConnection(core.value))
        }
      }
      .bind(host: "127.0.0.1", port: Int(port)).wait()
  }

  /// Listens at a further port: an old address of somebody who has stopped listening there.
  public func listen(at port: UInt16) throws {
    let channel = try Self.listen(port, core)
    others.withLock { $0.append(channel) }
  }

  /// Stops listening at further ports, and closes their connections.
  public func leaveOtherPorts() throws {
    let left = others.withLock { others in
      defer { others = [] }
      return others
    }
    let ports = Set(left.compactMap { $0.localAddress?.port })
    for channel in left { try channel.close().wait() }
    try loop.submit { [core] in core.value.closeClients(at: ports) }.wait()
  }

  /// Who serves what now.
  public func routes() throws -> FacadeRoutes {
    try loop.submit { [core] in core.value.routes }.wait()
  }

  /// Changes who serves what. Requests under way stay where they are.
  public func change(_ body: @escaping @Sendable (inout FacadeRoutes) -> Void) throws {
    try loop.submit { [core] in body(&core.value.routes) }.wait()
  }

  /// Holds requests back from now on, and returns when none of them is under way.
  /// - Throws: where some are after five seconds; then all requests are let through again.
  public func hold(_ fence: FacadeFence) throws {
    try loop.flatSubmit { [core] in core.value.hold(fence) }.wait()
  }

  /// Answers requests with 503 from now on, and returns when none of them is under way.
  /// - Throws: as `hold`.
  public func turnAway(_ fence: FacadeFence) throws {
    try loop.flatSubmit { [core] in core.value.turnAway(fence) }.wait()
  }

  /// Lets all requests through again, first those that were held back.
  public func release() throws { try loop.submit { [core] in core.value.release() }.wait() }

  /// Cuts the link to a service: what is under way is lost, the service may have done it, and
  /// nobody gets through.
  public func cut(_ service: ShopService) throws {
    try loop.submit { [core] in core.value.cut(service) }.wait()
  }

  /// Repairs a link that was cut.
  public func repair(_ service: ShopService) throws {
    _ = try loop.submit { [core] in core.value.cuts.remove(service) }.wait()
  }

  /// Requests that each service has got since the last call.
  public func takeCounts() throws -> [ShopService: Int] {
    try loop.submit { [core] in core.value.takeCounts() }.wait()
  }
}
