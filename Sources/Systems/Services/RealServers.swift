import Platform

extension Service {
  /// nginx, which answers a request with a few bytes.
  /// - Parameters:
  ///   - status: of these responses.
  ///   - folder: whose files it serves by their names, with sendfile from files that stay open; `/`
  ///     alone is then answered with a few bytes. Nil for no files.
  /// - Throws: `ServiceError`, also where nginx is not installed.
  public static func nginx(
    port: UInt16? = nil, status: Int = 200, serving folder: String? = nil
  ) throws(ServiceError) -> Service {
    let files = folder.map { "location / { root \($0); }" } ?? ""
    let program = try nginx(
      settings: "sendfile on; tcp_nopush on; open_file_cache max=1000;",
      serving: """
        \(files) location \(folder == nil ? "/" : "= /") { return \(status) "served\\n"; }
        """)
    return try Service(program, port: port) { answers(HTTPProtocol(), at: $0.endpoint) }
  }

  /// nginx with one process, which distributes requests over servers that speak HTTP/1.1, and keeps
  /// its connections to them.
  /// - Parameters:
  ///   - balance: `least_conn`, `random two least_conn`.
  ///   - check: a request that is answered with success.
  /// - Throws: `ServiceError`, also where nginx is not installed.
  public static func nginx(
    before servers: [Endpoint], balance: String, port: UInt16? = nil,
    check: any WireProtocol = HTTPProtocol()
  ) throws(ServiceError) -> Service {
    let lines = servers.map { "server \($0) max_fails=0;" }.joined(separator: " ")
    let program = try nginx(
      settings:
        "upstream servers { \(balance); \(lines) keepalive 1024; keepalive_requests 100000000; }",
      serving: """
        location / {
          proxy_pass http://servers; proxy_http_version 1.1; proxy_set_header Connection "";
        }
        """)
    return try Service(program, port: port) { answers(check, at: $0.endpoint) }
  }

  /// nginx as one process in the foreground, whose temporary files are in its folder.
  /// - Parameters:
  ///   - settings: of `http`.
  ///   - locations: of its only server.
  private static func nginx(
    settings: String, serving locations: String
  ) throws(ServiceError) -> Program {
    Program(
      "nginx", path: try installed("nginx"),
      files: { place in
        [
          "nginx.conf": """
          daemon off; master_process off; pid \(place.folder)/pid; error_log stderr warn;
          events { worker_connections 4096; }
          http {
            access_log off; keepalive_requests 100000000; keepalive_timeout 1h;
            client_body_temp_path \(place.folder)/body; proxy_temp_path \(place.folder)/proxy;
            fastcgi_temp_path \(place.folder)/fastcgi; uwsgi_temp_path \(place.folder)/uwsgi;
            scgi_temp_path \(place.folder)/scgi;
            \(settings)
            server {
              listen \(place.endpoint) backlog=4096;
              \(locations)
            }
          }
          """
        ]
      },
      arguments: { ["-p", $0.folder, "-c", "\($0.folder)/nginx.conf"] })
  }

  /// HAProxy with one thread, which distributes requests over servers that speak HTTP/1.1.
  /// - Parameters:
  ///   - balance: `roundrobin`, `random(2)`, `leastconn`.
  ///   - check: a request that is answered with success.
  /// - Throws: `ServiceError`, also where HAProxy is not installed.
  public static func haproxy(
    before servers: [Endpoint], balance: String, port: UInt16? = nil,
    check: any WireProtocol = HTTPProtocol()
  ) throws(ServiceError) -> Service {
    let program = Program(
      "haproxy", path: try installed("haproxy"),
      files: { place in
        let lines = servers.enumerated().map { "  server s\($0.offset) \($0.element)" }
        return [
          "haproxy.cfg": """
          global
            nbthread 1
            maxconn 8000
          defaults
            mode http
            http-reuse always
            timeout connect 5s
            timeout client 1h
            timeout server 1m
          frontend front
            bind \(place.endpoint) backlog 4096
            default_backend servers
          backend servers
            balance \(balance)
          \(lines.joined(separator: "\n"))

          """
        ]
      },
      arguments: { ["-db", "-f", "\($0.folder)/haproxy.cfg"] })
    return try Service(program, port: port) { answers(check, at: $0.endpoint) }
  }

  /// Redis, which keeps all in memory and writes nothing to the disk.
  /// - Throws: `ServiceError`, also where Redis is not installed.
  public static func redis(port: UInt16? = nil) throws(ServiceError) -> Service {
    let program = Program(
      "redis", path: try installed("redis-server"), files: { _ in [:] },
      arguments: { place in
        [
          "--port", "\(place.port)", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
          "--dir", place.folder,
        ]
      })
    return try Service(program, port: port) { place in
      do {
        return try RedisConnection(place.endpoint).run("PING") == .text("PONG") ? nil : "no PONG"
      } catch { return "\(error)" }
    }
  }

  /// Why a server does not answer one request with success; nil where it does.
  public static func answers(_ wire: any WireProtocol, at endpoint: Endpoint) -> String? {
    do throws(LoadError) {
      let exchange = try Exchange([.init(endpoint, connections: 1)], wire: wire)
      let one = ClosedLoop(users: 1, seconds: 0.5, most: 1, seed: 1)
      _ = try one.run(on: exchange, grace: 500_000_000)
      return nil
    } catch { return "\(error)" }
  }

  /// The executable of a program.
  /// - Parameter name: of the service, as messages call it; the program's where nil.
  static func installed(
    _ program: String, of name: String? = nil
  ) throws(ServiceError) -> String {
    guard let path = InstalledProgram.path(of: program) else {
      throw .notStarted(name ?? program, reason: "it is not installed")
    }
    return path
  }
}
