package import Wire

/// Decides when the screen is captured, and when the last frame is given to the encoders again.
///
/// Call ``handleChange()`` and ``handleRefresh()`` as things happen, ``pollAction(now:isSettled:)`` until it
/// returns `nil`, then sleep until ``pollTimeout(now:)``.
package struct CaptureSchedule {
    package enum Action: Hashable, Sendable {
        /// Fetch what changed and encode it.
        case capture
        /// Encode the last frame again.
        case `repeat`
    }

    /// A little shorter than the rate asks for. At the very rate, a capture that had to wait once waits for ever
    /// beside a client that draws as often; like this it draws nearer with each frame, until it is right behind
    /// what it waits for.
    private let interval: Interval
    /// A capture may come so much before its time if those before it were late.
    private let tolerance: Interval
    /// A frame held back by the rate cap settles in steps of this.
    private let refinementInterval: Interval
    private var hasChanged = true
    private var wantsRefresh = false
    /// When the next frame is due at the highest rate, if frames come evenly.
    private var nextFrame: Instant?
    private var refinements = 0
    private var nextRefinement: Instant?
    /// When the last frame was given to the encoders.
    private var lastEncoded: Instant?

    /// - Parameter framesPerSecond: At least 1; a screen that changes more often is captured up to a tenth more
    ///   often than that.
    package init(framesPerSecond: Int) {
        let period = Interval.seconds(1) / Int64(max(1, framesPerSecond))
        interval = period - period / Self.advance
        tolerance = period / 2
        refinementInterval = max(Self.shortestRefinement, period)
    }

    /// Something on the screen changed.
    package mutating func handleChange() {
        hasChanged = true
    }

    /// A key frame was asked for, or an encoder was added: a frame is due at once, changed or not.
    package mutating func handleRefresh() {
        wantsRefresh = true
    }

    /// What to do now.
    ///
    /// - Parameter isSettled: Whether the encoders had next to nothing to say about the last frame.
    package mutating func pollAction(now: Instant, isSettled: Bool) -> Action? {
        if hasChanged {
            guard now >= earliestCapture(now) else { return nil }
            hasChanged = false
            wantsRefresh = false
            nextFrame = max(now, nextFrame ?? now) + interval
            refinements = 0
            lastEncoded = now
            nextRefinement = now + refinementInterval
            return .capture
        }
        if wantsRefresh {
            wantsRefresh = false
            return startRefinement(now)
        }
        guard let due = nextRefinement, now >= due else { return nil }
        // Nothing much is left to improve, or it is a change so small that the next one may come first: no
        // hurry.
        if isSettled, let lastEncoded, now < lastEncoded + Self.settledInterval {
            nextRefinement = lastEncoded + Self.settledInterval
            return nil
        }
        refinements += 1
        let isLast =
            refinements >= Self.maximumRefinements || (isSettled && refinements >= Self.minimumRefinements)
        lastEncoded = now
        nextRefinement = isLast ? nil : now + refinementInterval
        return .repeat
    }

    /// When ``pollAction(now:isSettled:)`` is next due; `nil` while the screen is still.
    package func pollTimeout(now: Instant) -> Instant? {
        if hasChanged { return earliestCapture(now) }
        return wantsRefresh ? now : nextRefinement
    }

    private func earliestCapture(_ now: Instant) -> Instant {
        // Half an interval early is early enough: a client that draws at this very rate, with some jitter, is
        // not made to wait for the frame after one that was late, and the rate is kept all the same.
        nextFrame.map { Instant(nanoseconds: $0.nanoseconds - tolerance.nanoseconds) } ?? now
    }

    private mutating func startRefinement(_ now: Instant) -> Action {
        refinements = 0
        lastEncoded = now
        nextRefinement = now + refinementInterval
        return .repeat
    }

    /// What part of the time from frame to frame a capture that waited comes sooner after the last one: within
    /// twelve frames it has made up for any wait, at the price of a rate a twelfth higher beside a client that
    /// draws more often than it is captured.
    private static let advance: Int64 = 12
    /// A page full of text takes dozens of refinements after a key frame, from 32 to 46 dB, and two thirds of
    /// the rate.
    package static let shortestRefinement = Interval.milliseconds(50)
    package static let settledInterval = Interval.milliseconds(160)
    package static let minimumRefinements = 2
    package static let maximumRefinements = 60
}
