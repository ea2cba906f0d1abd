/// Why a request is not served: a status of HTTP, and one clear line.
struct RequestError: Error, Equatable {
  let status: Int
  let reason: String

  init(_ status: Int, _ reason: String) {
    self.status = status
    self.reason = reason
  }

  static func bad(_ reason: String) -> RequestError { RequestError(400, reason) }
  static func unknown(_ what: String) -> RequestError { RequestError(404, "there is no \(what)") }
  static func conflict(_ reason: String) -> RequestError { RequestError(409, reason) }
  static func unavailable(_ reason: String) -> RequestError { RequestError(503, reason) }
}
