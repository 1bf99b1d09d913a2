internal import Wire

/// What an encoder had last, for pictures that only say what has changed since (``PatchEncoder``).
///
/// Kept up to date at the cost of what changes, and let go of while much does.
struct PatchReference {
    /// As the encoder had it.
    private var picture: I420Frame?
    /// The number of that picture.
    private var serial = 0

    /// What a patch is to say of the picture that was captured last; `nil` if it has to be encoded as a whole.
    func changes(of capture: DesktopCapture) -> (reference: I420Frame, rects: [PixelRect])? {
        guard let picture, picture.width == capture.frame.width, picture.height == capture.frame.height,
            let rects = capture.changes(since: serial)
        else { return nil }
        return (picture, rects)
    }

    /// The encoder is given what was captured last.
    mutating func handleEncoding(of capture: DesktopCapture) {
        if let (reference, rects) = changes(of: capture) {
            if rects.reduce(0, { $0 + $1.area }) <= Self.largestArea {
                for rect in rects { reference.replace(rect, with: capture.frame) }
                serial = capture.serial
            } else {
                picture = nil
            }
            return
        }
        // Kept once the screen has calmed down: copying what is new with every picture costs as much as converting it.
        let latest = capture.changes(since: capture.serial - 1) ?? []
        let isCalm = latest.reduce(0, { $0 + $1.area }) <= Self.largestArea || serial == capture.serial
        picture = isCalm ? capture.frame.copy() : nil
        serial = capture.serial
    }

    mutating func forget() { picture = nil }

    /// Pixels: somewhat more than a patch has.
    private static let largestArea = 2 * 256 * PatchEncoder.maximumMacroblocks
}
