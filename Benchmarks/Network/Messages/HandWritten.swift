/// JSON without reflection or a tree: what a team writes for its busiest messages.
protocol HandWritten {
  func write(to text: inout JSONText)
  init(from scanner: inout JSONScanner) throws
}

extension Order: HandWritten {
  func write(to text: inout JSONText) {
    text.literal("{\"id\":")
    text.append(id)
    text.literal(",\"customer\":")
    text.append(customer)
    text.literal(",\"placed\":")
    text.append(placed)
    text.literal(",\"currency\":")
    text.append(currency)
    text.literal(",\"items\":[")
    for (index, item) in items.enumerated() {
      text.literal(index == 0 ? "{\"product\":" : ",{\"product\":")
      text.append(item.product)
      text.literal(",\"name\":")
      text.append(item.name)
      text.literal(",\"count\":")
      text.append(item.count)
      text.literal(",\"cents\":")
      text.append(item.cents)
      text.literal("}")
    }
    text.literal(gift ? "],\"gift\":true}" : "],\"gift\":false}")
  }

  init(from scanner: inout JSONScanner) throws {
    self.init(id: 0, customer: 0, placed: 0, currency: "", items: [], gift: false)
    try scanner.object { key, scanner in
      switch key {
      case "id": id = try scanner.integer()
      case "customer": customer = try scanner.integer()
      case "placed": placed = try scanner.integer()
      case "currency": currency = try scanner.string()
      case "items": try scanner.array { try items.append(Item(from: &$0)) }
      case "gift": gift = try scanner.bool()
      default: throw JSONFault()
      }
    }
  }
}

extension Order.Item {
  init(from scanner: inout JSONScanner) throws {
    self.init(product: 0, name: "", count: 0, cents: 0)
    try scanner.object { key, scanner in
      switch key {
      case "product": product = try scanner.integer()
      case "name": name = try scanner.string()
      case "count": count = try scanner.integer()
      case "cents": cents = try scanner.integer()
      default: throw JSONFault()
      }
    }
  }
}

extension Readings: HandWritten {
  func write(to text: inout JSONText) {
    text.literal("{\"sensor\":")
    text.append(sensor)
    text.literal(",\"start\":")
    text.append(start)
    text.literal(",\"values\":")
    for (index, value) in values.enumerated() {
      text.literal(index == 0 ? "[" : ",")
      text.append(value)
    }
    text.literal("]}")
  }

  init(from scanner: inout JSONScanner) throws {
    self.init(sensor: 0, start: 0, values: [])
    try scanner.object { key, scanner in
      switch key {
      case "sensor": sensor = try scanner.integer()
      case "start": start = try scanner.integer()
      case "values": try scanner.array { try values.append($0.double()) }
      default: throw JSONFault()
      }
    }
  }
}

extension Article: HandWritten {
  func write(to text: inout JSONText) {
    text.literal("{\"id\":")
    text.append(id)
    text.literal(",\"title\":")
    text.append(title)
    text.literal(",\"body\":")
    text.append(body)
    text.literal("}")
  }

  init(from scanner: inout JSONScanner) throws {
    self.init(id: 0, title: "", body: "")
    try scanner.object { key, scanner in
      switch key {
      case "id": id = try scanner.integer()
      case "title": title = try scanner.string()
      case "body": body = try scanner.string()
      default: throw JSONFault()
      }
    }
  }
}
