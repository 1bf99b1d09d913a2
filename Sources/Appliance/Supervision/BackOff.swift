/// How long to wait before a program that ended is started again: longer each time, at once again after it
/// has run well.
package struct BackOff: Hashable, Sendable {
    package var shortest = Duration.milliseconds(100)
    package var longest = Duration.seconds(1)
    /// A program that ran for so long has run well.
    package var proof = Duration.seconds(10)

    /// For what memory has run out for: it will again, and takes from the others what it can get meanwhile.
    package static let memory = BackOff(shortest: .seconds(1), longest: .seconds(30))

    private var next: Duration?

    package init(shortest: Duration = .milliseconds(100), longest: Duration = .seconds(1)) {
        self.shortest = shortest
        self.longest = longest
    }

    /// The wait after a run of `lifetime`.
    package mutating func delay(after lifetime: Duration) -> Duration {
        let delay = lifetime >= proof ? shortest : next ?? shortest
        next = min(delay * 2, longest)
        return delay
    }
}
