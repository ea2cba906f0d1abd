/// The sessions and handlers that are alive.
final class SessionRegister: @unchecked Sendable {
  // SAFETY (@unchecked): used only by the kernel's thread.
  var sessions: [Unmanaged<RegisteredSession>] = []
  var handlers = 0
}

/// A session that registers itself while it is alive.
final class RegisteredSession {
  let number: Int
  var handler: RegisteredHandler?
  private let register: SessionRegister
  /// Its place in the register, for `deinit`.
  private var place: Int

  init(number: Int, register: SessionRegister) {
    self.number = number
    self.register = register
    place = register.sessions.count
    register.sessions.append(.passUnretained(self))
  }

  deinit {
    let last = register.sessions.removeLast()
    // SAFETY: registered, hence alive, and not this object, whose place is then past the end.
    if place < register.sessions.count {
      register.sessions[place] = last
      last._withUnsafeGuaranteedRef { $0.place = place }
    }
  }
}

/// A handler of a session that registers itself while it is alive.
class RegisteredHandler {
  private let register: SessionRegister
  init(register: SessionRegister) {
    self.register = register
    register.handlers += 1
  }
  deinit { register.handlers -= 1 }
  var sessionNumber: Int { 0 }
}
