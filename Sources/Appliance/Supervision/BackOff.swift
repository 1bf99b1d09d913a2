/// How long to wait before a program that ended is started again: longer each time, at once again after it has run well.
struct BackOff: Hashable, Sendable {
    var shortest = Duration.milliseconds(100)
    var longest = Duration.seconds(1)
    /// A program that ran for so long has run well.
    var proof = Duration.seconds(10)

    private var next: Duration?

    init(shortest: Duration = .milliseconds(100), longest: Duration = .seconds(1)) {
        self.shortest = shortest
        self.longest = longest
    }

    /// The wait after a run of `lifetime`.
    mutating func delay(after lifetime: Duration) -> Duration {
        let delay = lifetime >= proof ? shortest : next ?? shortest
        next = min(delay * 2, longest)
        return delay
    }
}
