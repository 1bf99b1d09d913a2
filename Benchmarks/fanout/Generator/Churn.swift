internal import Foundation
internal import IO
internal import Participant
internal import Wire

extension Cases {
    /// Viewers come and go all the time: whether the room keeps anything of those who left.
    func churn(_ viewers: Int) throws {
        let (context, loop) = try begin()
        let room = try Room(context)
        defer { room.stop() }
        let feed = try DeskFeed(to: room, in: loop, context)
        try join(viewers, room, loop, context)
        let pause = Interval(nanoseconds: 1_000_000_000 / options.joinsPerSecond)
        var joins = 0
        func replaceOne() throws {
            let place = Int.random(in: 0..<viewers, using: &context.random)
            try room.replaceViewer(place, in: loop, context)
            loop.run(pause)
            joins += 1
        }
        // Tables and the allocator's arenas find their size.
        for _ in 0..<(3 * viewers) { try replaceOne() }
        joins = 0
        var samples: [(joins: Double, bytes: Double)] = []
        let end = Instant.now() + .seconds(options.churnSeconds)
        var next = Instant.now()
        while Instant.now() < end {
            if Instant.now() >= next {
                next = .now() + .seconds(1)
                samples.append((Double(joins), Double(room.process.usage().memory)))
            }
            try replaceOne()
        }
        samples.append((Double(joins), Double(room.process.usage().memory)))
        feed.video?.isStill = true
        let kept = samples.map(\.bytes)
        print(
            "churn                   \(joins) came and went in \(options.churnSeconds) s, \(viewers) at a time: "
                + "\(Table.kibibytes(kept[0])) KiB at first, \(Table.kibibytes(kept.sorted()[kept.count / 2])) in the median, "
                + "\(Table.kibibytes(kept[kept.count - 1])) at last; \(Table.kibibytes(Self.slope(of: samples) * 1_000)) KiB for every 1 000 who came"
        )
    }

    /// By least squares.
    private static func slope(of samples: [(joins: Double, bytes: Double)]) -> Double {
        let count = Double(samples.count)
        let joins = samples.reduce(0) { $0 + $1.joins } / count
        let bytes = samples.reduce(0) { $0 + $1.bytes } / count
        let variance = samples.reduce(0) { $0 + ($1.joins - joins) * ($1.joins - joins) }
        let covariance = samples.reduce(0) { $0 + ($1.joins - joins) * ($1.bytes - bytes) }
        return variance > 0 ? covariance / variance : 0
    }
}
