internal import Glibc
internal import IO
internal import Participant
internal import Wire

/// What was seen in one window of time.
struct Measurement {
    var name: String
    var viewers: Int
    var seconds: Double
    /// RTP packets that reached a viewer.
    var packets = 0
    /// Packets that did not come, or only when asked for again; of all that should have.
    var lost = 0
    var recovered = 0
    var reordered = 0
    var duplicates = 0
    /// Of the process under test, nanoseconds; and of the load generator.
    var cpu: Int64 = 0
    var generatorCPU: Int64 = 0
    var voluntarySwitches = 0
    var forcedSwitches = 0
    /// Resident bytes at the end.
    var memory = 0
    var p50 = Interval.zero
    var p99 = Interval.zero
    var longest = Interval.zero

    var nanosecondsPerPacket: Double { packets > 0 ? Double(cpu) / Double(packets) : 0 }
    /// 0…1.
    var load: Double { Double(cpu) / seconds / 1e9 }
    var loss: Double { Double(lost) / Double(max(packets + lost, 1)) }

    /// Runs `loop` for `length` and looks at the differences.
    static func take(
        _ name: String,
        _ process: ProcessUnderTest,
        _ loop: Loop,
        _ context: Context,
        _ length: Interval,
        sent: () -> Int
    ) -> Measurement {
        let before = Totals(loop)
        let usage = process.usage()
        let own = ProcessUnderTest.usage(of: getpid())
        let begin = Instant.now()
        let sentBefore = sent()
        context.latencies.removeAll()
        loop.run(length)
        let sentAfter = sent()
        let end = Instant.now()
        let after = process.usage()
        let ownAfter = ProcessUnderTest.usage(of: getpid())
        let totals = Totals(loop)

        var result = Measurement(
            name: name,
            viewers: loop.viewers.count,
            seconds: Double((end - begin).nanoseconds) / 1e9
        )
        result.packets = totals.packets - before.packets
        result.recovered = totals.recovered - before.recovered
        result.lost =
            totals.areCountedOnly
            ? max(0, (sentAfter - sentBefore) * loop.viewers.count - result.packets)
            : totals.missing - before.missing + result.recovered
        result.reordered = totals.reordered - before.reordered
        result.duplicates = totals.duplicates - before.duplicates
        let work = after.since(usage)
        result.cpu = work.cpu
        result.generatorCPU = ownAfter.since(own).cpu
        result.voluntarySwitches = work.voluntarySwitches
        result.forcedSwitches = work.forcedSwitches
        result.memory = after.memory
        result.p50 = context.latencies.quantile(0.5)
        result.p99 = context.latencies.quantile(0.99)
        result.longest = context.latencies.longest
        return result
    }

    private struct Totals {
        var packets = 0
        var missing = 0
        var recovered = 0
        var reordered = 0
        var duplicates = 0
        var areCountedOnly = true

        init(_ loop: Loop) {
            for viewer in loop.viewers {
                guard let participant = viewer.participant else {
                    packets += viewer.packets
                    continue
                }
                areCountedOnly = false
                for stream in participant.streams {
                    let statistics = stream.statistics
                    packets += statistics.packets
                    missing += statistics.missing
                    recovered += statistics.recovered
                    reordered += statistics.reordered
                    duplicates += statistics.duplicates
                }
            }
        }
    }
}
