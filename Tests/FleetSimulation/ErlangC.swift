/// Erlang's formula for a queue with `servers` servers, exponential intervals and lengths (M/M/c).
package struct ErlangC {
    /// The share of arrivals that wait at all.
    package let waits: Double
    /// In the unit of `length`, over all arrivals.
    package let meanWait: Double

    /// - Parameters:
    ///   - servers: At least 1, and more than `load`, or the queue grows for ever.
    ///   - load: Erlang: length of a session divided by the interval between two.
    package init(servers: Int, load: Double, length: Double) {
        precondition(servers > 0 && load < Double(servers), "the caller's own figures")
        // The recurrence of Erlang B, which does not overflow as factorials do.
        var blocked = 1.0
        for count in 1...servers { blocked = load * blocked / (Double(count) + load * blocked) }
        waits = blocked / (1 - load / Double(servers) * (1 - blocked))
        meanWait = waits * length / (Double(servers) - load)
    }
}
