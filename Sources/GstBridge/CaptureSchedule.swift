package import Wire

/// Decides when the screen is captured, and when the last frame is given to the encoders again.
///
/// Call ``handleChange()`` and ``handleRefresh()`` as things happen, ``pollAction(now:isSettled:)`` until it
/// returns `nil`, ``handleNothingNew()`` after a capture that brought nothing, then sleep until ``pollTimeout(now:)``.
package struct CaptureSchedule {
    package enum Action: Hashable, Sendable {
        /// Fetch what changed and encode it.
        case capture
        /// Encode the last frame again.
        case `repeat`
    }

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
    /// How many of the last refinements in a row found the encoders settled.
    private var calm = 0
    private var nextRefinement: Instant?
    /// When the last frame was given to the encoders.
    private var lastEncoded: Instant?
    /// What was under way before the last capture.
    private var interrupted: Settling?

    /// How far the last frame has been refined.
    private struct Settling: Hashable {
        var wantsRefresh: Bool
        var refinements: Int
        var calm: Int
        var nextRefinement: Instant?
        var lastEncoded: Instant?
    }

    /// - Parameters:
    ///   - framesPerSecond: At least 1.
    ///   - isStrict: Whether a screen that changes more often is captured no more often than that, instead of
    ///     up to ``highestRate(framesPerSecond:)``. Then a client that draws at this very rate may find every
    ///     capture late by as much as the two are apart.
    package init(framesPerSecond: Int, isStrict: Bool = false) {
        let period = Interval.seconds(1) / Int64(max(1, framesPerSecond))
        interval = isStrict ? period : period - period / Int64(Self.advance)
        tolerance = period / 2
        refinementInterval = max(Self.shortestRefinement, period)
    }

    /// How often a screen that changes more often is captured in a second, as a fraction.
    package static func highestRate(framesPerSecond: Int) -> (numerator: Int, denominator: Int) {
        (max(1, framesPerSecond) * advance, advance - 1)
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
    /// - Parameter isSettled: Whether the encoders' last frames were so small that they have nothing left to improve.
    package mutating func pollAction(now: Instant, isSettled: Bool) -> Action? {
        if hasChanged {
            guard now >= earliestCapture(now) else { return nil }
            hasChanged = false
            interrupted = Settling(
                wantsRefresh: wantsRefresh,
                refinements: refinements,
                calm: calm,
                nextRefinement: nextRefinement,
                lastEncoded: lastEncoded
            )
            wantsRefresh = false
            nextFrame = max(now, nextFrame ?? now) + interval
            beginRefinement(now)
            return .capture
        }
        if wantsRefresh {
            wantsRefresh = false
            beginRefinement(now)
            return .repeat
        }
        guard let due = nextRefinement, now >= due else { return nil }
        // Nothing was left to improve from the first repetition on, as after one keystroke: the next change may well come
        // first, so the next repetition can wait.
        if isSettled, calm == refinements, let lastEncoded, now < lastEncoded + Self.settledInterval {
            nextRefinement = lastEncoded + Self.settledInterval
            return nil
        }
        refinements += 1
        calm = isSettled ? calm + 1 : 0
        let isLast = refinements >= Self.maximumRefinements || calm >= Self.calmRefinements
        lastEncoded = now
        nextRefinement = isLast ? nil : now + refinementInterval
        return .repeat
    }

    /// What was captured is what the encoders had before: nothing is to be refined, and what was under way goes on.
    ///
    /// Without it, what happens in a hidden place would not be seen, but when it happens.
    package mutating func handleNothingNew() {
        guard let interrupted = interrupted.take() else { return }
        wantsRefresh = wantsRefresh || interrupted.wantsRefresh
        refinements = interrupted.refinements
        calm = interrupted.calm
        nextRefinement = interrupted.nextRefinement
        lastEncoded = interrupted.lastEncoded
    }

    /// What was captured went to everybody without the encoders' help, who had nothing left to improve: they have their turn
    /// once, when the screen has been still for a while.
    package mutating func handlePatch() {
        guard let lastEncoded else { return }
        refinements = Self.calmRefinements - 1
        calm = refinements
        nextRefinement = lastEncoded + Self.patchedInterval
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

    private mutating func beginRefinement(_ now: Instant) {
        refinements = 0
        calm = 0
        lastEncoded = now
        nextRefinement = now + refinementInterval
    }

    /// What part of the time from frame to frame a capture may come sooner after the last one.
    ///
    /// At the very rate, a capture that had to wait once waits for ever beside a client that draws as often.
    /// Like this it draws nearer, and after twelve frames at most it is right behind what it waits for.
    private static let advance = 12
    /// A page full of text takes dozens of refinements after a key frame, from 23 to 48 dB at 1080p, and two
    /// thirds of the rate.
    package static let shortestRefinement = Interval.milliseconds(50)
    package static let settledInterval = Interval.milliseconds(160)
    /// Longer than a caret's blinking.
    package static let patchedInterval = Interval.milliseconds(1_000)
    /// While a page is refined, an encoder under a rate cap now and then makes one or two frames of next to
    /// nothing, and then goes on improving.
    package static let calmRefinements = 4
    /// An end for an encoder that never settles: a dense page at 1080p takes 200 at 1 Mbit/s, 130 at 2, 60 at 5.
    package static let maximumRefinements = 400
}
