import Foundation

/// A headless Chromium, told what to do over a pipe.
/// https://chromedevtools.github.io/devtools-protocol/
final class Browser {
  struct Refused: Error { let reason: String }

  /// Where it is installed; nil where it is not.
  static let path: String? = {
    let named = ProcessInfo.processInfo.environment["PERFLAB_CHROMIUM"]
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let found = ["chromium", "chromium-browser", "google-chrome"].flatMap { name in
      folders.map { "\($0)/\(name)" }
    }
    return ([named].compactMap { $0 } + found).first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }()

  static let absence = "no Chromium in PATH; PERFLAB_CHROMIUM names one elsewhere"

  /// What came without being asked for: requests, errors, messages.
  private(set) var events: [(method: String, params: [String: Any])] = []
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var buffer = Data()
  private var count = 0
  private var session: String?

  init() throws {
    let profile = try Perflab.scratch()
    process.executableURL = URL(filePath: "/bin/sh")
    // The protocol is spoken over descriptors 3 and 4.
    process.arguments = [
      "-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1", Self.path ?? "chromium",
      "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
      "--allow-file-access-from-files", "--no-first-run", "--disable-extensions",
      "--disable-background-networking", "--user-data-dir=\(profile.path())", "about:blank",
    ]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let target = try command("Target.createTarget", ["url": "about:blank"])["targetId"] ?? ""
    let attached = try command("Target.attachToTarget", ["targetId": target, "flatten": true])
    session = attached["sessionId"] as? String
    for domain in ["Page", "Runtime", "Network", "Log"] { try command("\(domain).enable") }
  }

  deinit { close() }

  /// Ends it. It writes its profile at its end.
  func close() {
    process.terminate()
    process.waitUntilExit()
  }

  /// Sends a command and waits for its result.
  @discardableResult
  func command(_ method: String, _ params: [String: Any] = [:]) throws -> [String: Any] {
    // A command that hangs ends; a reader then finds the end of the pipe. Not the browser's whole life:
    // tests share it, and between theirs others run for minutes.
    let watch = DispatchWorkItem { [process] in process.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + 240, execute: watch)
    defer { watch.cancel() }
    count += 1
    var message: [String: Any] = ["id": count, "method": method, "params": params]
    if let session { message["sessionId"] = session }
    let data = try JSONSerialization.data(withJSONObject: message) + [0]
    try input.fileHandleForWriting.write(contentsOf: data)
    while true {
      let reply = try next()
      guard let id = reply["id"] as? Int else {
        events.append((reply["method"] as? String ?? "", reply["params"] as? [String: Any] ?? [:]))
        continue
      }
      guard id == count else { continue }
      if let error = reply["error"] as? [String: Any] { throw Refused(reason: "\(error)") }
      return reply["result"] as? [String: Any] ?? [:]
    }
  }

  private func next() throws -> [String: Any] {
    while true {
      if let end = buffer.firstIndex(of: 0) {
        let message = buffer[buffer.startIndex..<end]
        buffer.removeSubrange(buffer.startIndex...end)
        return try JSONSerialization.jsonObject(with: message) as? [String: Any] ?? [:]
      }
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { throw Refused(reason: "Chromium ended") }
      buffer += data
    }
  }

  /// The value of an expression, which may be a promise.
  @discardableResult
  func evaluate(_ script: String) throws -> Any? {
    let reply = try command(
      "Runtime.evaluate",
      ["expression": script, "awaitPromise": true, "returnByValue": true, "userGesture": true])
    if let thrown = reply["exceptionDetails"] { throw Refused(reason: "\(script): \(thrown)") }
    return (reply["result"] as? [String: Any])?["value"]
  }

  func text(_ script: String) throws -> String { try evaluate(script) as? String ?? "" }
  func number(_ script: String) throws -> Double {
    (try evaluate(script) as? NSNumber)?.doubleValue ?? .nan
  }

  /// Waits until a condition in the page holds; false where it never does.
  func holds(_ condition: String) throws -> Bool {
    for _ in 0..<250 {
      if try evaluate("!!(\(condition))") as? Bool == true { return true }
      // Not a timer of the page's: without scripts it has none.
      Thread.sleep(forTimeInterval: 0.02)
    }
    return false
  }

  /// Waits until what happened has been drawn, and the events of scrolling have come.
  func settle() throws {
    try evaluate("new Promise(done=>requestAnimationFrame(()=>requestAnimationFrame(done)))")
  }

  /// Loads a page anew.
  func open(_ url: String) throws {
    try command("Page.navigate", ["url": "about:blank"])
    _ = try holds("document.readyState==='complete'")
    events = []
    try command("Page.navigate", ["url": url])
    _ = try holds("location.href!=='about:blank'&&document.readyState==='complete'")
  }

  /// Presses and releases a key.
  func press(_ key: String, code: Int, text: String? = nil) throws {
    var params: [String: Any] = [
      "type": text == nil ? "rawKeyDown" : "keyDown", "key": key, "windowsVirtualKeyCode": code,
    ]
    if let text { params["text"] = text }
    try command("Input.dispatchKeyEvent", params)
    params["type"] = "keyUp"
    params["text"] = nil
    try command("Input.dispatchKeyEvent", params)
  }

  /// What went wrong or left the machine, since the page was opened.
  var complaints: [String] {
    events.compactMap { event in
      switch event.method {
      case "Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled":
        return "\(event.method): \(event.params)"
      case "Network.requestWillBeSent":
        let url = (event.params["request"] as? [String: Any])?["url"] as? String ?? ""
        return url.hasPrefix("file:") || url.hasPrefix("data:") ? nil : "request: \(url)"
      default: return nil
      }
    }
  }
}
