import Testing

@testable import Assessment

/// Each format in several versions.
@Suite struct ReaderTests {
  @Test(arguments: ["vmstat-4.0.txt", "netflix-vmstat.txt"])
  func vmstat(file: String) throws {
    let readings = try Fixture.read(file)
    #expect(readings.files.map(\.format) == ["vmstat"])
    // The first line is of the time since the boot.
    #expect(readings.figures[.init(.runnable)]!.values.count == (file == "vmstat-4.0.txt" ? 2 : 4))
    if file != "vmstat-4.0.txt" {
      #expect(readings.mean(.runnable) == 32)
      #expect(abs(readings.mean(.cpuBusy)! - 0.995) < 1e-9)
    }
  }

  @Test func mpstat() throws {
    let old = try Fixture.read("netflix-mpstat.txt")
    #expect(old.mean(.processors) == 32)
    #expect(abs(old.mean(.cpuBusy)! - 0.9922) < 1e-9)
    #expect(old.figures[.init(.cpuBusy)]!.values.count == 1)
    let new = try Fixture.read("mpstat-12.6.txt")
    #expect(new.mean(.processors) == 2 && new.figures[.init(.cpuBusy)]!.values.count == 2)
  }

  @Test func iostat() throws {
    let old = try Fixture.read("netflix-iostat.txt")
    #expect(old.names(of: .diskBusy) == ["xvda", "xvdb"])
    #expect(abs(old.mean(.diskBytes, "xvdb")! - 726.5 * 1_024) < 1)
    #expect(abs(old.mean(.diskWait, "xvda")! - 0.00998) < 1e-9)
    let new = try Fixture.read("iostat-12.6.txt")
    #expect(new.names(of: .diskBusy) == ["vda"])
    // Of three reports, the first is of the time since the boot.
    #expect(new.figures[.init(.diskBusy, "vda")]!.values == [0.14, 0.068])
    #expect(new.figures[.init(.diskFlushes, "vda")]!.values == [80, 40])
    #expect(new.figures[.init(.cpuBusy)]!.values.count == 2)
  }

  @Test func sarAsTextAndAsJSONAreTheSame() throws {
    let text = try Fixture.read("sar-12.6.txt")
    let json = try Fixture.read("sadf-12.6.json")
    #expect(json.files.map(\.format) == ["sysstat's JSON"])
    for kind in [Readings.Figure.Kind.cpuBusy, .runnable, .memoryAvailable, .swapping] {
      #expect(text.mean(kind) != nil)
      #expect(abs(text.mean(kind)! - json.mean(kind)!) < 1e-9, "\(kind)")
    }
    #expect(text.mean(.diskBusy, "vda") == json.mean(.diskBusy, "vda"))
    #expect(abs(text.mean(.diskBytes, "vda")! - json.mean(.diskBytes, "vda")!) < 1)
    #expect(text.mean(.networkBytes, "lo") == json.mean(.networkBytes, "lo"))
    #expect(text.mean(.accepted) == json.mean(.accepted))
  }

  /// Its first report is of the time since the boot.
  @Test func iostatAsJSON() throws {
    func entry(_ idle: Int, _ busy: Int) -> String {
      #"{"avg-cpu":{"user":5.00,"system":1.00,"iowait":0.00,"steal":0.00,"idle":\#(idle)},"#
        + #""disk":[{"disk_device":"sda","r/s":1.00,"w/s":3.00,"aqu-sz":2.5,"util":\#(busy)}]}"#
    }
    let readings = try Fixture.readings(
      #"{"sysstat":{"hosts":[{"number-of-cpus":2,"statistics":[\#(entry(99, 1)),\#(entry(4, 95))]}]}}"#
    )
    #expect(readings.figures[.init(.cpuBusy)]?.values == [0.96])
    #expect(readings.figures[.init(.diskBusy, "sda")]?.values == [0.95])
    #expect(readings.mean(.diskQueue, "sda") == 2.5 && readings.mean(.processors) == 2)
  }

  @Test func pidstatAndSocketsAndTCP() throws {
    let processes = try Fixture.read("pidstat-12.6.txt")
    #expect(!processes.names(of: .processBusy).isEmpty)
    #expect(!processes.names(of: .processMemory).isEmpty)
    #expect(try Fixture.read("ss-6.1.txt").mean(.established) != nil)
    #expect(try Fixture.read("netflix-sar-tcp.txt").mean(.retransmits) == 0)
    let old = try Fixture.readings(
      "Total: 1523 (kernel 1581)\nTCP:   1500 (estab 1200, closed 250, orphaned 3, synrecv 0, "
        + "timewait 240/0), ports 0\n")
    #expect(old.mean(.timeWait) == 240)
  }

  @Test func vmstatWithTimesAndOtherLineEnds() throws {
    let text = """
      procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu----- -----timestamp-----
       r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st                 UTC
       4  0      0 212036  21136 238664    0    0  2734  3760 1287 3137 37  8 54  2  0 2026-11-29 06:16:35
       2  0      0 212036  21136 238664  400    0     0     0 2192 5163 30 20 46  4  0 2026-11-29 06:16:36
      """
    let before = text.split(separator: "\n").map {
      "\($0.contains("swpd") || $0.contains("procs") ? "" : "06:16:35 ")\($0)"
    }.joined(separator: "\n")
    let german = text.replacing("free   buff", with: "frei Puffer")
    for text in [
      text, before, german, "\u{FEFF}" + text.split(separator: "\n").joined(separator: "\r\n"),
    ] {
      let readings = try Fixture.readings(text)
      #expect(readings.mean(.cpuBusy) == 0.5)
      // Of 400 KiB.
      #expect(readings.mean(.swapping) == 100)
    }
  }

  /// Of `sar -A` many tables are not needed: their numbers must not be taken for those of another.
  @Test func tablesThatAreNotKnown() throws {
    let readings = try Fixture.readings(
      """
      Linux 6.1.0 (vm) \t29.11.2026 \t_x86_64_\t(2 CPU)

      06:16:42     pswpin/s pswpout/s
      06:16:43         0,00      2,00

      06:16:42     pgpgin/s pgpgout/s   fault/s  majflt/s
      06:16:43     29697,03  17738,61  31446,53     12,87

      06:16:42    kbmemfree   kbavail kbmemused  %memused kbbuffers  kbcached
      06:16:43          600       900        50      5,00       100       250

      06:16:42     active/s passive/s    iseg/s    oseg/s
      06:16:43         1,00      2,00    100,00    200,00

      06:16:42     atmptf/s  estres/s retrans/s isegerr/s   orsts/s
      06:16:43         0,00      0,00      4,00      0,00      0,00

      06:16:42       call/s retrans/s    read/s   write/s  access/s
      06:16:43         7,00     70,00      7,00      7,00      7,00

      06:16:42        CPU     %user     %nice   %system   %iowait    %steal     %idle
      06:16:43        all     30,00      0,00     16,00      4,00      0,00     50,00

      Durchschn.:     CPU     %user     %nice   %system   %iowait    %steal     %idle
      Durchschn.:     all      1,00      0,00      1,00      1,00      0,00     97,00
      Moyenne :       all      1,00      0,00      1,00      1,00      0,00     97,00
      """)
    #expect(readings.figures[.init(.swapping)]!.values == [2])
    #expect(readings.mean(.retransmits) == 4 && readings.mean(.segments) == 200)
    #expect(abs(readings.mean(.memoryAvailable)! - 0.9) < 1e-9)
    #expect(readings.figures[.init(.cpuBusy)]!.values == [0.46])
    let devices = try Fixture.readings(
      """
      avg-cpu:  %user   %nice %system %iowait  %steal   %idle
                30.00    0.00   16.00    4.00    0.00   50.00

      Device             tps    kB_read/s    kB_wrtn/s    kB_dscd/s    kB_read    kB_wrtn
      vda             357.39      5405.15      7429.99         0.00       1000       1000
      """)
    #expect(devices.mean(.cpuSteal) == 0 && devices.mean(.cpuBusy) == 0.46)
  }

  @Test(arguments: ["06:16:36", "1795933000"]) func pidstatOnOneLine(time: String) throws {
    let readings = try Fixture.readings(
      """
      # Time        UID       PID    %usr %system  %guest   %wait    %CPU   CPU  Command
      \(time)        0         7   50.00   25.00    0.00    0.00   75.00     1  my server
      """)
    #expect(readings.mean(.processBusy, "my server (7)") == 0.75)
    // Who ran for half of the time used half as much.
    let half = try Fixture.readings(
      "10:00:01 UID PID %CPU Command\n10:00:02 0 1 50.00 a\n10:00:02 0 2 50.00 b\n"
        + "10:00:03 0 1 50.00 a\n")
    #expect(half.processes.map(\.busy) == [0.5, 0.25])
  }

  @Test func stacks() throws {
    let folded = try Fixture.readings("main;serve;parse 70\nmain;serve 30\n")
    #expect(folded.functions["parse"]!.own == 70 && folded.functions["main"]!.all == 100)
    let script = try Fixture.readings(
      """
      shop  1234 [001] 5678.123456:     250000 cpu-clock:ppp:
      \t    55d0c1 parse+0x1d (/usr/bin/shop)
      \t    55d0c2 serve(int, char) (/usr/bin/shop)

      shop  1234  5678.223456: cycles:
      \t    55d0c2 serve(int, char)+0x2 (/usr/bin/shop)

      """)
    #expect(script.stackSamples == 2)
    #expect(script.functions["serve(int, char)"]!.all == 2)
    #expect(script.functions["parse"]!.own == 1)
  }

  @Test func postgres() throws {
    let new = try Fixture.readings(
      "userid,dbid,query,calls,total_exec_time,rows,shared_blks_hit,shared_blks_read\n"
        + "10,5,\"SELECT *\nFROM t\",100,5000,100,9000,1000\n")
    #expect(
      new.statements == [
        .init(text: "SELECT *\nFROM t", calls: 100, seconds: 5, rows: 100, blocks: 10_000)
      ])
    let old = try Fixture.readings("query,calls,total_time,rows\nSELECT 1,10,50,10\n")
    #expect(old.statements[0].seconds == 0.05)
    let activity = try Fixture.readings(
      "pid,state,wait_event_type,wait_event,query\n1,active,Lock,transactionid,x\n2,active,,,y\n")
    #expect(activity.sessions == ["active waits for Lock transactionid": 1, "active": 1])
    let log = try Fixture.readings(
      "2026-11-28 17:00:00.123 UTC,\"a\",\"b\",1,\"c\",d,1,\"SELECT\",2026-11-28 16:00:00 UTC,3/1,0,LOG,"
        + "00000,\"duration: 12.5 ms  statement: SELECT 17 FROM t WHERE name = 'x, y'\",,,,,,,,,\"\"\n"
    )
    #expect(log.statements.map(\.text) == ["SELECT ? FROM t WHERE name = ?"])
    #expect(log.statements[0].seconds == 0.0125)
  }

  @Test func metricsAndTraces() throws {
    let metrics = try Fixture.readings(
      "# TYPE http_requests counter\nhttp_requests_total{code=\"200\"} 10\nhttp_requests_total{code=\"500\"} "
        + "2\n# EOF\n# TYPE http_requests counter\nhttp_requests_total{code=\"200\"} 30\n"
        + "http_requests_total{code=\"500\"} 4\n# EOF\n")
    #expect(Vocabulary(metrics).amount(.requests) == 22)
    let span = { (id: String, parent: String, name: String, from: Int, to: Int) in
      "{\"traceId\":\"t\",\"spanId\":\"\(id)\"\(parent.isEmpty ? "" : ",\"parentSpanId\":\"\(parent)\""),"
        + "\"name\":\"\(name)\",\"startTimeUnixNano\":\"\(from)\",\"endTimeUnixNano\":\"\(to)\",\"status\":{}}"
    }
    for scope in ["scopeSpans", "instrumentationLibrarySpans"] {
      let spans = [
        span("a", "", "GET /", 0, 10_000_000_000),
        span("b", "a", "sql", 1_000_000_000, 3_000_000_000),
        span("c", "a", "sql", 4_000_000_000, 5_000_000_000),
      ].joined(separator: ",")
      let traces = try Fixture.readings(
        "{\"resourceSpans\":[{\"\(scope)\":[{\"spans\":[\(spans)]}]}]}\n")
      let root = try #require(traces.traces.roots["GET /"])
      #expect(root.requests == 1 && root.seconds == 10)
      #expect(root.parts["sql"]!.counts == [2] && root.parts["sql"]!.seconds == 3)
      #expect(root.waits[0].seconds == 1)
      #expect(root.parts["sql"]!.fromFirstToLast == 4)
      // Over several lines; and an export behind it that is cut off.
      let lines = "{\n  \"resourceSpans\": [{\"\(scope)\":[{\"spans\":[\(spans)]}]}\n  ]\n}\n"
      let cut = try Fixture.readings(lines + "{\"resourceSpans\":[{\"\(scope)\":[{\"sp")
      #expect(cut.traces.requests == 1 && cut.unread.count == 1)
    }
  }
}
