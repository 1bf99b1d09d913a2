/// What of the screen is hidden in the pictures that clients get.
///
/// What is hidden is painted over before any encoder of theirs sees it.
package struct Cover: Hashable, Sendable {
    /// Counts, modulo 2^32: an older one is not taken after a newer one.
    package var number: UInt32
    /// Hides the whole screen.
    package var hidesAll: Bool
    package var rectangles: [PixelRect]
    /// X windows that are followed, whatever is done with them.
    package var windows: [UInt32]

    package init(
        number: UInt32 = 0,
        hidesAll: Bool = false,
        rectangles: [PixelRect] = [],
        windows: [UInt32] = []
    ) {
        self.number = number
        self.hidesAll = hidesAll
        self.rectangles = rectangles
        self.windows = windows
    }

    package var isEmpty: Bool { !hidesAll && rectangles.isEmpty && windows.isEmpty }

    func isNewer(than other: Self) -> Bool { Int32(bitPattern: number &- other.number) > 0 }
}
