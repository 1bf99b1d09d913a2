/// What a room does in a span of time, beside what it costs: system calls, and where packets were dropped.
struct Work {
    private let statistics: [Int]
    private let drops: KernelDrops

    /// Begins the span.
    init(of room: Room) throws {
        statistics = try room.statistics()
        drops = .now()
    }

    /// Prints a line on the span that ends now.
    func print(until room: Room) throws {
        let now = try room.statistics()
        let drops = KernelDrops.now() - drops
        let (sent, calls, unsent) = (now[0] - statistics[0], now[1] - statistics[1], now[2] - statistics[2])
        let (wakeUps, received) = (now[3] - statistics[3], now[4] - statistics[4])
        let messages = now[6] - statistics[6]
        var line =
            "    \(wakeUps) wake-ups, \(calls) send calls, \(messages) messages of "
            + "\(Self.oneDecimal(sent, messages)) datagrams, \(received) datagrams received"
        let (repeated, probes) = (now[7] - statistics[7], now[8] - statistics[8])
        if repeated + probes > 0 { line += "; \(repeated) repeated, \(probes) probes" }
        if unsent > 0 { line += "; \(unsent) refused by the kernel" }
        if !drops.isEmpty {
            line +=
                "; dropped: \(drops.receiveBuffers) at full receive buffers, \(drops.sendBuffers) at full send "
                + "buffers, \(drops.backlog) between sockets"
        }
        Swift.print(line)
    }

    private static func oneDecimal(_ dividend: Int, _ divisor: Int) -> Double {
        (Double(dividend) / Double(max(divisor, 1)) * 10).rounded() / 10
    }
}
