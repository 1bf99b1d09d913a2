internal import Foundation
internal import IO
internal import Participant
internal import Wire

extension Cases {
    /// Somebody drives a desk that scrolls and is asked for key frames again and again: how long their messages take from
    /// their hands to the desk's socket, read at once and in a turn of their own.
    func input(_ viewers: Int) throws {
        let (context, loop) = try begin()
        let room = try Room(context)
        defer { room.stop() }
        let feed = try DeskFeed(to: room, in: loop, context, packetsPerKeyFrame: Self.packetsPerKeyFrame)
        try join(viewers, room, loop, context)
        let driver = try room.addDriver(context)
        defer { driver.stop() }
        let pause = Interval.milliseconds(viewers <= 50 ? 250 : 500)
        func storm(_ length: Interval) {
            let end = Instant.now() + length
            while .now() < end {
                loop.run(pause)
                feed.video?.requestKeyFrame(now: .now())
            }
        }
        storm(.seconds(2))
        _ = try room.input()
        let (keyFrames, work) = (feed.video?.keyFrames ?? 0, try Work(of: room))
        storm(.seconds(options.isQuick ? 8 : 30))
        let numbers = try room.input()
        guard numbers.count == 10 else { throw BenchmarkError("input: \(numbers)") }
        print(
            "input, \(viewers) viewers: \((feed.video?.keyFrames ?? 0) - keyFrames) key frames of "
                + "\(Self.packetsPerKeyFrame) packets; from packet to the desk's socket"
        )
        for (name, numbers) in [("read at once", numbers[..<5]), ("in a turn of its own", numbers[5...])] {
            let milliseconds = numbers.dropFirst().map { String(format: "%.3f", Double($0) / 1e6) }
            print(
                "    \(name.padding(toLength: 22, withPad: " ", startingAt: 0)) p50 \(milliseconds[0])  "
                    + "p99 \(milliseconds[1])  p99.9 \(milliseconds[2])  longest \(milliseconds[3]) ms, of "
                    + "\(numbers.first ?? 0) messages"
            )
        }
        try work.print(until: room)
    }

    /// 235 KiB: what a dense page takes at 1080p.
    private static let packetsPerKeyFrame = 200
}
