/// The picture that clients get: the captured one, with what is hidden painted over.
struct CoveredPicture {
    /// Counts the pictures.
    private(set) var serial = 0
    /// `nil`: nothing is hidden, and the captured picture is it.
    private(set) var frame: I420Frame?
    /// What is painted over in ``frame``, in pixels of the screen; `nil`: everything.
    private var hidden: [PixelRect]?

    /// The captured picture is a new one, and nothing of it is hidden.
    mutating func show() {
        frame = nil
        serial += 1
    }

    /// Hides everything; what the picture was like is not in it any more.
    mutating func hideAll(width: Int, height: Int) {
        if let frame, hidden == nil, frame.width == width, frame.height == height { return }
        let blank = I420Frame(width: width, height: height)
        blank.blank(PixelRect(x: 0, y: 0, width: blank.width, height: blank.height))
        frame = blank
        hidden = nil
        serial += 1
    }

    /// Shows what has changed of `picture`, and hides these places of it.
    ///
    /// Where something has changed in a hidden place only, there is no new picture: not even when people type there can be
    /// seen.
    mutating func hide(_ places: [PixelRect], of picture: I420Frame, changed: [PixelRect]) {
        let isNew = frame?.width != picture.width || frame?.height != picture.height || hidden != places
        guard isNew || !changed.allSatisfy({ $0.isCovered(by: places) }) else { return }
        var target = frame.take()
        // Another one if an encoder still reads the last.
        if !isKnownUniquelyReferenced(&target) || target?.width != picture.width
            || target?.height != picture.height
        {
            target = nil
        }
        let covered = target ?? I420Frame(width: picture.width, height: picture.height)
        covered.replace(with: picture)
        for place in places {
            guard let place = place.aligned(toWidth: covered.width, height: covered.height) else { continue }
            covered.blank(place)
        }
        frame = covered
        hidden = places
        serial += 1
    }
}
