/// The sessions that are wanted, in the order in which they are.
package struct Demand {
    /// A session that somebody wants.
    package struct Wish: Hashable {
        /// Seconds since midnight of the first day.
        package var time: Double
        /// Seconds for which it has its server.
        package var length: Double
        package var people: Int
    }

    package var wishes: [Wish]

    /// Independent arrivals and lengths that know nothing of each other: the M/M/c queue.
    package static func poisson(count: Int, interval: Double, length: Double, seed: UInt64) -> Demand {
        var chance = Chance(seed: seed)
        var time = 0.0
        return Demand(
            wishes: (0..<count).map { _ in
                time += chance.exponential(mean: interval)
                return Wish(time: time, length: chance.exponential(mean: length), people: 2)
            }
        )
    }

    /// A clinic's working day, 08:00 to 20:00: most begin on the hour or the half hour, give or take two minutes; one in eight has
    /// nobody who comes and is given up after a quarter of an hour.
    package static func clinic(sessions: Int, seed: UInt64) -> Demand {
        var chance = Chance(seed: seed)
        let wishes = (0..<sessions).map { _ in
            let hour = chance.choice(hours)
            let minute = chance.choice(minutes)
            let start =
                minute.map { chance.normal(mean: $0 * 60, deviation: 60) } ?? chance.share() * 3_600
            let isNoShow = chance.share() < 0.125
            let length = max(300, chance.normal(mean: chance.choice(lengths), deviation: 240))
            return Wish(
                time: max(0, hour * 3_600 + start),
                length: isNoShow ? 900 : length,
                people: chance.choice(sizes)
            )
        }
        return Demand(
            wishes: wishes.sorted { ($0.time, $0.length, $0.people) < ($1.time, $1.length, $1.people) }
        )
    }

    /// By the hour of the day: a peak in the morning, fewer at noon, and the highest after school and work.
    private static let hours: [(value: Double, weight: Double)] = [
        (8, 5), (9, 9), (10, 11), (11, 9), (12, 4), (13, 6), (14, 9), (15, 11), (16, 13), (17, 12), (18, 8),
        (19, 3),
    ]
    /// The minute at which it is to begin; `nil`: any.
    private static let minutes: [(value: Double?, weight: Double)] = [(0, 50), (30, 25), (nil, 25)]
    /// Means, in seconds: half a session, one, one and a half.
    private static let lengths: [(value: Double, weight: Double)] = [(1_500, 20), (3_000, 65), (4_800, 15)]
    private static let sizes: [(value: Int, weight: Double)] = [(2, 70), (3, 18), (5, 8), (8, 3), (14, 1)]
}
