package import Wire

extension SimulatedNetwork {
    /// One direction of a participant's path.
    package struct Path {
        package var delay = Interval.milliseconds(10)
        /// A datagram takes up to so much longer, each its own time, and so overtakes others.
        package var jitter = Interval.zero
        /// Shares, 0…1.
        package var loss = 0.0
        package var duplication = 0.0
        /// Of the datagrams, so many wait ``detour`` longer, and so come after those that were sent later.
        package var reordering = 0.0
        package var detour = Interval.milliseconds(15)
        /// Loss in bursts, besides ``loss``.
        package var bursts: LossBursts?
        /// Datagrams for which this returns `true` are lost too.
        package var drops: ((RawSpan) -> Bool)?
        /// The bottleneck on the way, before the delay.
        package var link: SimulatedLink?

        package init(
            delay: Interval = .milliseconds(10),
            jitter: Interval = .zero,
            loss: Double = 0,
            duplication: Double = 0,
            reordering: Double = 0,
            bursts: LossBursts? = nil,
            link: SimulatedLink? = nil,
            drops: ((RawSpan) -> Bool)? = nil
        ) {
            self.link = link
            self.delay = delay
            self.jitter = jitter
            self.loss = loss
            self.duplication = duplication
            self.reordering = reordering
            self.bursts = bursts
            self.drops = drops
        }
    }
}
