/// The generated messages with the same content.
extension PBOrder: Sent {
  init(_ order: Order) {
    self.init()
    (id, customer, placed) = (order.id, order.customer, order.placed)
    (currency, gift) = (order.currency, order.gift)
    items = order.items.map { item in
      .with {
        ($0.product, $0.name, $0.count, $0.cents) = (
          item.product, item.name, item.count, item.cents
        )
      }
    }
  }

  var digest: UInt64 {
    items.reduce(id &+ customer &+ UInt64(placed) &+ currency.digest &+ (gift ? 1 : 0)) {
      $0 &+ UInt64($1.product &+ $1.count &+ $1.cents) &+ $1.name.digest
    }
  }
}

extension PBReadings: Sent {
  init(_ readings: Readings) {
    self.init()
    (sensor, start, values) = (readings.sensor, readings.start, readings.values)
  }

  var digest: UInt64 {
    values.reduce(sensor &+ UInt64(start)) { $0 &+ $1.bitPattern }
  }
}

extension PBArticle: Sent {
  init(_ article: Article) {
    self.init()
    (id, title, body) = (article.id, article.title, article.body)
  }

  var digest: UInt64 { id &+ title.digest &+ body.digest }
}
