/// The windows directly below the root window, as the X server's events tell of them.
///
/// Where a window is, is known exactly once all events have been taken in of a server that is grabbed.
package struct WindowTable {
    package struct Entry: Hashable {
        /// With its border, relative to the root window.
        package var place: PixelRect
        package var isMapped: Bool
        /// The applications that it is a menu or a dialogue of; none: it is an ordinary window, or nobody has looked yet.
        package var popupOf: Set<UInt> = []
        /// Whether somebody is to look what it is.
        package var isUnknown: Bool

        package init(place: PixelRect, isMapped: Bool) {
            self.place = place
            self.isMapped = isMapped
            isUnknown = true
        }
    }

    package private(set) var entries: [UInt: Entry] = [:]

    package init() {}

    package subscript(window: UInt) -> Entry? { entries[window] }

    /// A window is there, with this place.
    package mutating func handlePlaced(_ window: UInt, at place: PixelRect) {
        if entries[window] == nil { entries[window] = Entry(place: place, isMapped: false) }
        entries[window]?.place = place
    }

    /// It has another place, and the size that it had.
    package mutating func handleShifted(_ window: UInt, x: Int, y: Int) {
        entries[window]?.place.x = x
        entries[window]?.place.y = y
    }

    package mutating func handleMapped(_ window: UInt, _ isMapped: Bool) {
        entries[window]?.isMapped = isMapped
        entries[window]?.isUnknown = true
    }

    /// Something has become, or ceased to be, part of it.
    package mutating func handleContent(of window: UInt) { entries[window]?.isUnknown = true }

    /// It is not below the root window any more.
    package mutating func handleGone(_ window: UInt) { entries[window] = nil }

    /// Somebody has looked what it is.
    package mutating func classify(_ window: UInt, popupOf applications: Set<UInt>) {
        entries[window]?.isUnknown = false
        entries[window]?.popupOf = applications
    }

    /// Those on the screen that nobody has looked at.
    package var unknown: [UInt] { entries.filter { $0.value.isUnknown && $0.value.isMapped }.map(\.key) }

    /// Where the menus and dialogues of an application are.
    package func popups(of application: UInt) -> [PixelRect] {
        entries.filter { $0.value.isMapped && $0.value.popupOf.contains(application) }
            .sorted { $0.key < $1.key }.map(\.value.place)
    }
}
