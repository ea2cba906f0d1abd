extension CompiledServer {
  /// The service's files by name. What is called across them is generic, as code of some layers is.
  static let source = [
    "sink": """
    /// Where bytes go.
    protocol Sink {
      mutating func put(_ byte: UInt8)
    }

    struct Buffer: Sink {
      var bytes: [UInt8] = []
      mutating func put(_ byte: UInt8) { bytes.append(byte) }
    }

    extension Sink {
      mutating func put(text: String) { for byte in text.utf8 { put(byte) } }

      mutating func put(number: Int) {
        if number >= 10 { put(number: number / 10) }
        put(UInt8(48 + number % 10))
      }

      mutating func put(quoted text: [UInt8]) {
        put(34)
        for byte in text {
          if byte == 34 || byte == 92 { put(92) }
          put(byte)
        }
        put(34)
      }
    }
    """,
    "catalogue": """
    struct Product {
      let id, cents, stock: Int
      let name: [UInt8]

      func write<S: Sink>(to sink: inout S, currency: [UInt8]) {
        sink.put(text: "{\\"id\\":")
        sink.put(number: id)
        sink.put(text: ",\\"name\\":")
        sink.put(quoted: name)
        sink.put(text: ",\\"price\\":")
        sink.put(number: cents)
        sink.put(text: ",\\"currency\\":")
        sink.put(quoted: currency)
        sink.put(text: ",\\"stock\\":")
        sink.put(number: stock)
        sink.put(text: "}")
      }
    }

    struct Catalogue {
      private var products: [Product] = []

      init(_ count: Int) {
        for number in 1...count {
          let name = Array("lamp \\"\\(number % 97)\\" of series \\(number * 7_919 % 1_009)".utf8)
          products.append(
            Product(id: 3 * number, cents: number * 389 % 99_991, stock: number % 53, name: name))
        }
      }

      /// The first product whose number is not below this one, and those that follow it.
      func products(from id: Int, count: Int) -> ArraySlice<Product> {
        var (low, high) = (0, products.count)
        while low < high {
          let middle = (low + high) / 2
          if products[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return products[low..<min(products.count, low + count)]
      }
    }
    """,
    "request": """
    struct Request {
      private(set) var path: [UInt8] = []
      private(set) var parameters: [(name: [UInt8], value: [UInt8])] = []

      /// - Parameter line: `GET /path?name=value&name=value HTTP/1.1`
      init?<Bytes: Collection>(_ line: Bytes) where Bytes.Element == UInt8 {
        let words = line.split(separator: 32)
        guard words.count == 3, words[0].elementsEqual("GET".utf8) else { return nil }
        let parts = words[1].split(separator: 63, maxSplits: 1)
        path = Self.decoded(parts[0])
        guard parts.count == 2 else { return }
        for pair in parts[1].split(separator: 38) {
          let sides = pair.split(separator: 61, maxSplits: 1)
          guard sides.count == 2 else { return nil }
          parameters.append((Self.decoded(sides[0]), Self.decoded(sides[1])))
        }
      }

      private static func decoded<Bytes: Collection>(_ text: Bytes) -> [UInt8]
      where Bytes.Element == UInt8 {
        var (found, pending) = ([UInt8](), [UInt8]())
        for byte in text {
          if byte == 37 || !pending.isEmpty { pending.append(byte) } else { found.append(byte) }
          guard pending.count == 3 else { continue }
          found.append(16 * digit(pending[1]) + digit(pending[2]))
          pending.removeAll()
        }
        return found
      }

      private static func digit(_ byte: UInt8) -> UInt8 {
        byte < 65 ? byte &- 48 : (byte | 32) &- 87
      }

      func text(_ name: String) -> [UInt8]? {
        parameters.first { $0.name.elementsEqual(name.utf8) }?.value
      }

      func number(_ name: String) -> Int? {
        text(name).map { $0.reduce(0) { 10 * $0 + Int($1) - 48 } }
      }
    }
    """,
    "main": """
    import Glibc

    func answer<S: Sink>(_ line: ArraySlice<UInt8>, _ catalogue: Catalogue, to sink: inout S) {
      guard let request = Request(line), let first = request.number("from"),
        let count = request.number("count")
      else { return sink.put(text: "400\\n") }
      sink.put(text: "200 [")
      let currency = request.text("currency") ?? []
      for product in catalogue.products(from: first, count: count) {
        product.write(to: &sink, currency: currency)
        sink.put(text: ",")
      }
      sink.put(text: "{}]\\n")
    }

    func send(_ output: inout Buffer) {
      var sent = 0
      while sent < output.bytes.count {
        let count = output.bytes.withUnsafeBytes { bytes in
          write(4, bytes.baseAddress! + sent, bytes.count - sent)
        }
        if count <= 0 { exit(1) }
        sent += count
      }
      output.bytes.removeAll(keepingCapacity: true)
    }

    func serve() {
      let catalogue = Catalogue(10_000)
      var (input, output) = ([UInt8](), Buffer())
      var part = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = read(3, &part, part.count)
        if count <= 0 { return }
        input += part[..<count]
        var start = 0
        while let end = input[start...].firstIndex(of: 10) {
          answer(input[start..<end], catalogue, to: &output)
          start = end + 1
          if output.bytes.count > 32_768 { send(&output) }
        }
        input.removeFirst(start)
        send(&output)
      }
    }

    serve()
    """,
  ]
}
