internal import Wire

/// Loss that comes in bursts: the two-state chain of Gilbert, as in `draft-ietf-rmcat-eval-test` and on radio
/// links.
///
/// Two directions may share one, as they share a radio.
package final class LossBursts {
    private let entering: Double
    private let leaving: Double
    private var isLosing = false

    /// - Parameters:
    ///   - loss: The share of datagrams lost over a long time, 0..<1.
    ///   - length: How many in a row are lost on average, at least 1.
    package init(loss: Double, length: Double) {
        leaving = 1 / max(1, length)
        entering = leaving * loss / (1 - loss)
    }

    func loses(using random: inout SplitMix64) -> Bool {
        isLosing = Double.random(in: 0..<1, using: &random) < (isLosing ? 1 - leaving : entering)
        return isLosing
    }
}
