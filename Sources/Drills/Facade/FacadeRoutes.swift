import Systems

/// A part of the Shop that can be served by a process of its own.
public enum ShopService: String, CaseIterable, Sendable {
  case monolith, sessions, orders, catalogue
}

/// Who serves which requests: the state of a migration, as a value.
public struct FacadeRoutes: Sendable, Equatable {
  /// Where each service listens.
  public var endpoints: [ShopService: Endpoint]
  /// Sessions whose number modulo 100 is below this are with the service of sessions, the others
  /// with the monolith.
  public var sessionShare = 0
  /// Who takes orders and shows them.
  public var orders = ShopService.monolith
  /// Percent of all other requests that the catalogue serves; the rest is the monolith's.
  public var catalogueShare = 0

  /// All is with the monolith.
  public init(monolith: Endpoint) { endpoints = [.monolith: monolith] }

  /// Of a session: the same in every process.
  public static func bucket(of session: Int) -> Int { session % 100 }

  /// What a request is about, as far as routes differ.
  enum Subject: Equatable {
    /// Nil for a session that is to be opened.
    case session(Int?)
    case orders
    case other
  }

  static func subject(of request: HTTPMessage) -> Subject {
    switch request.path.split(separator: "/").first {
    case "sessions", "cart", "checkout": .session(request.session)
    case "orders": .orders
    default: .other
    }
  }

  /// - Parameter turn: of the request, for shares of requests that have no session.
  func service(for subject: Subject, turn: Int) -> ShopService {
    switch subject {
    case .session(let session):
      Self.bucket(of: session ?? 0) < sessionShare ? .sessions : .monolith
    case .orders: orders
    // Neighbours in time go to both sides.
    case .other: turn * 61 % 100 < catalogueShare ? .catalogue : .monolith
    }
  }
}

/// Requests that the facade holds back or turns away for a moment.
public enum FacadeFence: Sendable, Equatable {
  /// Of sessions in these buckets.
  case sessions(Range<Int>)
  case orders

  func holds(_ subject: FacadeRoutes.Subject) -> Bool {
    switch (self, subject) {
    case (.sessions(let buckets), .session(let session)):
      session.map { buckets.contains(FacadeRoutes.bucket(of: $0)) } ?? false
    case (.orders, .orders): true
    default: false
    }
  }
}
