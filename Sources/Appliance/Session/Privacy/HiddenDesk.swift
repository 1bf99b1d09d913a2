package import RemoteControl

/// What of the desk is hidden from clients, as people have asked for it and as the desk has still to confirm.
package struct HiddenDesk: Hashable, Sendable {
    /// Everything is hidden.
    package private(set) var isCurtainDown = false
    /// The desk's sound is kept from those who do not see behind the curtain.
    package private(set) var isSilent = false
    package private(set) var rectangles: [DeskCover.Rectangle] = []
    /// Windows that the desk follows.
    package private(set) var windows: [UInt32] = []
    /// Those of ``windows`` that are gone: their last places stay hidden.
    package private(set) var lost: Set<UInt32> = []
    /// Whether the curtain fell by itself: for windows that nobody could follow any more, or parts of a desk that has another size.
    package private(set) var hasFallen = false
    /// Whether that was for the latter.
    package private(set) var isOutgrown = false
    /// Counts the changes.
    package private(set) var number: UInt32 = 0
    /// Whether the desk has not confirmed the newest change.
    package private(set) var isAwaited = false

    package init() {}

    /// Whether there is anything to hide.
    package var isHiding: Bool { isCurtainDown || !rectangles.isEmpty || !windows.isEmpty }

    /// What the desk is told; `nil` before anything was ever hidden.
    package var cover: DeskCover? {
        guard number > 0 else { return nil }
        return DeskCover(number: number, hidesAll: isCurtainDown, rectangles: rectangles, windows: windows)
    }

    package mutating func setCurtain(isDown: Bool, isSilent: Bool) {
        isCurtainDown = isDown
        self.isSilent = isDown && isSilent
        (hasFallen, isOutgrown) = (false, false)
        change()
    }

    /// - Parameters: Each at most ``DeskCover/maximumCount``.
    package mutating func setMasks(_ rectangles: [DeskCover.Rectangle], windows: [UInt32]) {
        self.rectangles = rectangles
        self.windows = windows
        lost.formIntersection(windows)
        change()
    }

    /// The desk has hidden what number `number` asked for; returns whether that is the newest.
    package mutating func handleCovered(_ number: UInt32) -> Bool {
        guard number == self.number else { return false }
        isAwaited = false
        return true
    }

    /// A window is gone; returns whether that is news.
    package mutating func handleLost(_ window: UInt32) -> Bool {
        windows.contains(window) && lost.insert(window).inserted
    }

    /// The desk process is gone; returns whether something else is hidden now.
    ///
    /// The next one does not know which windows were followed: their ids may be others' by then, if the X server was started
    /// anew, and nobody knows where they were. So everything is hidden until somebody who may do so has looked.
    package mutating func handleDeskLost() -> Bool {
        guard !windows.isEmpty else { return false }
        windows = []
        lost = []
        if !isCurtainDown {
            isCurtainDown = true
            isSilent = false
        }
        hasFallen = true
        change()
        return true
    }

    /// The desk's screen has another size; returns whether something else is hidden now.
    ///
    /// A window manager moves windows then, and applications what is in them: nobody knows whether the rectangles still lie over what
    /// they hid. So everything is hidden until somebody who may do so has looked. Windows are followed as ever.
    package mutating func handleResized() -> Bool {
        guard !rectangles.isEmpty, !isCurtainDown else { return false }
        isCurtainDown = true
        isSilent = false
        (hasFallen, isOutgrown) = (true, true)
        change()
        return true
    }

    /// The room before has hidden something, and nobody knows what: everything is hidden until somebody who may do so has looked.
    package mutating func handleRoomLost(isSilent: Bool) {
        isCurtainDown = true
        self.isSilent = isSilent
        hasFallen = true
        change()
    }

    private mutating func change() {
        number &+= 1
        isAwaited = true
    }
}
