package import Wire

/// Divides what one viewer's path carries among the streams that the viewer wants.
///
/// Audio always goes. Then, in order of priority, every video gets its lowest layer; then, in order of
/// priority, the layers above. Streams of equal priority rise a layer at a time, in turn.
///
/// It goes down at once and up with care: only what fits with 15 % to spare for a whole second is given,
/// and on a narrow path one stream after the other, because each begins with a key frame. A lowest layer is
/// taken away only when far too little is left for it for a while, because a picture that stops is worse
/// than one that stutters for a moment. Call ``allocate(_:available:now:)`` on every change, and now and
/// then.
package struct Allocator: Sendable {
    /// One quality that a stream can be sent in.
    package struct Layer: Hashable, Sendable {
        package var spatial: Int
        /// `nil`: all temporal layers there are.
        package var temporal: Int?
        /// Bits per second of this and all layers that it builds on.
        package var bitrate: Int

        package init(spatial: Int, temporal: Int? = nil, bitrate: Int) {
            self.spatial = spatial
            self.temporal = temporal
            self.bitrate = bitrate
        }
    }

    /// What one consumer could use.
    package struct Demand: Hashable, Sendable {
        package var consumer: ConsumerID
        package var kind: MediaKind
        /// 1…255, greater first.
        package var priority: Int
        /// Lowest first, no further than what the viewer prefers.
        ///
        /// Empty: nothing is there to be sent.
        package var layers: [Layer]
        /// Whether the lowest one's bitrate was measured just now.
        package var isMeasured: Bool

        package init(
            _ consumer: ConsumerID,
            kind: MediaKind = .video,
            priority: Int = 100,
            layers: [Layer],
            isMeasured: Bool = true
        ) {
            self.isMeasured = isMeasured
            self.consumer = consumer
            self.kind = kind
            self.priority = priority
            self.layers = layers
        }
    }

    /// What one consumer gets.
    package struct Grant: Hashable, Sendable {
        package var consumer: ConsumerID
        /// `nil`: nothing; it is paused.
        package var layer: Layer?
    }

    private struct Standing {
        /// Into the demand's layers; `nil`: paused.
        var index: Int?
        /// What that takes, bits per second.
        var bitrate = 0
        /// Since when there has been room for more, and how much more.
        var upward: (since: Instant, index: Int)?
        /// Since when there has been far too little for the lowest layer.
        var starving: Instant?
    }

    private var standings: [ConsumerID: Standing] = [:]
    /// When the next stream may rise: the key frame of the last one has passed by then.
    private var nextRise = Instant(nanoseconds: .min)

    package init() {}

    /// - Parameter available: Bits per second that the path carries.
    /// - Returns: One grant for each demand, in their order.
    package mutating func allocate(_ demands: [Demand], available: Int, now: Instant) -> [Grant] {
        let order = demands.indices.filter { demands[$0].kind == .video && !demands[$0].layers.isEmpty }
            .sorted { (demands[$1].priority, $0) < (demands[$0].priority, $1) }
        let audio = demands.lazy.filter { $0.kind == .audio }.reduce(0) {
            $0 + ($1.layers.last?.bitrate ?? 0)
        }
        let affordable = fill(demands, order, available - audio)
        let comfortable = fill(demands, order, available * 100 / 115 - audio)

        var next: [ConsumerID: Standing] = [:]
        var grants = demands.map { Grant(consumer: $0.consumer, layer: $0.layers.last) }
        for index in order {
            let demand = demands[index]
            // Who is new gets at once what there is room for.
            var standing = standings[demand.consumer] ?? Standing(index: comfortable[index].index ?? 0)
            standing.index = standing.index.map { min($0, demand.layers.count - 1) }
            let before = standing.index ?? -1
            settle(&standing, demand, affordable[index], comfortable[index].index, now: now)
            let layer = standing.index.map { demand.layers[$0] }
            if let layer, standing.index ?? -1 > before {
                let used = standings.values.reduce(audio) { $0 + $1.bitrate }
                noteRise(layer, beside: used, of: available, now: now)
            }
            standing.bitrate = layer?.bitrate ?? 0
            next[demand.consumer] = standing
            grants[index].layer = layer
        }
        standings = next
        return grants
    }

    /// A key frame takes about as much as a second of its stream, and passes in what the streams leave of the path.
    private mutating func noteRise(_ layer: Layer, beside used: Int, of available: Int, now: Instant) {
        let spare = max(available - used - layer.bitrate, available / 8, 1)
        nextRise =
            now
            + min(Interval(nanoseconds: Int64(Double(layer.bitrate) / Double(spare) * 1e9)), Self.longestRise)
    }

    private struct Share {
        /// Into the demand's layers; `nil`: nothing.
        var index: Int?
        /// What was left when its turn for the lowest layer came, bits per second.
        var offered = 0
    }

    /// Gives out `budget` without regard to what was before.
    private func fill(_ demands: [Demand], _ order: [Int], _ budget: Int) -> [Share] {
        var shares = [Share](repeating: Share(), count: demands.count)
        var left = budget
        for index in order {
            shares[index].offered = left
            let cost = demands[index].layers[0].bitrate
            guard cost <= left else {
                // Whoever comes later does not get what was too little here: a stream that runs is left running
                // for a while.
                if standings[demands[index].consumer]?.index != nil { left = max(0, left - cost) }
                continue
            }
            shares[index].index = 0
            left -= cost
        }
        var start = 0
        while start < order.count {
            let priority = demands[order[start]].priority
            let end = order[start...].firstIndex { demands[$0].priority != priority } ?? order.count
            raise(order[start..<end], demands, &shares, &left)
            start = end
        }
        return shares
    }

    /// Raises streams of one priority a layer at a time.
    private func raise(
        _ group: ArraySlice<Int>,
        _ demands: [Demand],
        _ shares: inout [Share],
        _ left: inout Int
    ) {
        var hasRisen = true
        while hasRisen {
            hasRisen = false
            for index in group {
                guard let current = shares[index].index, current + 1 < demands[index].layers.count else {
                    continue
                }
                // Layers that are not steps up, as of an encoder that starves its best layer, cost nothing.
                let cost = demands[index].layers[current + 1].bitrate - demands[index].layers[current].bitrate
                guard cost <= left else { continue }
                left -= cost
                shares[index].index = current + 1
                hasRisen = true
            }
        }
    }

    private func settle(
        _ standing: inout Standing,
        _ demand: Demand,
        _ affordable: Share,
        _ comfortable: Int?,
        now: Instant
    ) {
        if let current = standing.index, let index = affordable.index, index < current {
            standing.index = index
            standing.upward = nil
        }
        if standing.index != nil, affordable.index == nil {
            standing.index = 0
            standing.upward = nil
            let isStarving = affordable.offered < demand.layers[0].bitrate * Self.tolerance / 100
            let since = isStarving ? standing.starving ?? now : nil
            standing.starving = since
            let isSure = demand.layers.count > 1 && demand.isMeasured
            let limit = isSure ? Self.starvation : Self.longStarvation
            if let since, now - since >= limit {
                standing.index = nil
                standing.starving = nil
            }
            return
        }
        standing.starving = nil
        guard let comfortable, comfortable > (standing.index ?? -1) else {
            standing.upward = nil
            return
        }
        guard let upward = standing.upward else {
            standing.upward = (now, comfortable)
            return
        }
        // The least that there was room for all the time.
        standing.upward?.index = min(upward.index, comfortable)
        guard now - upward.since >= Self.ascent, now >= nextRise else { return }
        standing.index = min(upward.index, comfortable)
        standing.upward = nil
    }

    /// Percent of the lowest layer's bitrate with which it still goes on, stuttering.
    private static let tolerance = 60
    private static let ascent = Interval.seconds(1)
    private static let longestRise = Interval.seconds(2)
    /// A stream with other layers was just measured; the estimate is more likely to be wrong than that.
    private static let starvation = Interval.seconds(1)
    /// A stream with one layer has nothing to fall back to, and what is not there yet may take less.
    private static let longStarvation = Interval.seconds(2)
}
