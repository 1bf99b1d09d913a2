/// Which keyboard layout the desk is to have: what somebody has chosen, or that of the keyboard of whoever drives.
///
/// The desk is asked for one at a time; of those that are wanted meanwhile the last counts. After each call send what
/// ``pollCommand()`` gives.
public struct LayoutChoice: Hashable, Sendable {
    /// Whether it follows the keyboard of whoever drives.
    public private(set) var follows: Bool
    /// What the desk has, as far as it has said so; `nil`: what it came with.
    public private(set) var current: KeyboardLayout?

    private var wanted: KeyboardLayout?
    private var asked: KeyboardLayout?
    private var isDeskThere = false

    /// - Parameter fixed: Where it begins; `nil`: it follows.
    public init(_ fixed: KeyboardLayout? = nil) {
        follows = fixed == nil
        wanted = fixed
    }

    /// Somebody has chosen a layout; `nil`: that of whoever drives, from now on.
    public mutating func choose(_ layout: KeyboardLayout?) {
        follows = layout == nil
        if let layout { wanted = layout }
    }

    /// Whoever drives now has this keyboard.
    public mutating func handleKeyboard(_ layout: KeyboardLayout) {
        if follows { wanted = layout }
    }

    /// Another desk process is there, or none is any more: it comes with a layout of its own.
    public mutating func handleDesk(isThere: Bool) {
        isDeskThere = isThere
        (current, asked) = (nil, nil)
    }

    /// The desk has the layout, or cannot have it; returns whether that is an answer to what it was asked.
    @discardableResult
    public mutating func handleSet(_ layout: KeyboardLayout, isDone: Bool) -> Bool {
        guard asked == layout else { return false }
        asked = nil
        if isDone {
            current = layout
        } else if wanted == layout {
            // It stays what it is, and is not asked again.
            wanted = current
        }
        return true
    }

    /// What the desk is to be asked for now.
    public mutating func pollCommand() -> KeyboardLayout? {
        guard isDeskThere, asked == nil, let wanted, wanted != current else { return nil }
        asked = wanted
        return wanted
    }

    /// The command could not be sent.
    public mutating func handleUnsent() { asked = nil }
}
