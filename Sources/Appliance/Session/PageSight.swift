package import RemoteControl
internal import SFU

/// What one page shows, and what follows for the streams that it is sent.
package struct PageSight: Hashable, Sendable {
    /// As the page last said; `nil` before it did: everything.
    package var views: [TrackSource: ClientMessage.View]?
    /// Who leads the conversation.
    package var speaker: ParticipantID?
    /// As much as somebody else is sent of the desk, whose view the page shows.
    package var view = Demand.all
    /// Whether the desk's sound is kept from this person.
    package var isDeskSilent = false

    package init() {}

    /// How much of a stream is to be sent.
    package enum Demand: Hashable, Sendable {
        case all
        /// Nothing, for the page does not show it.
        case hidden
        /// Up to this encoding or spatial layer.
        case layer(Int)
    }

    package func demand(for source: TrackSource) -> Demand {
        if case .view = source { return view }
        if source == .deskSound, isDeskSilent { return .hidden }
        guard case .camera = source, let views else { return .all }
        guard let view = views[source] else { return .hidden }
        return .layer(Self.layer(for: view))
    }

    /// As of ``StreamPriority``; `nil` for sound, which is always sent.
    package func priority(of source: TrackSource) -> Int? {
        switch source {
        case .deskPicture: StreamPriority.desk
        case .deskSound, .microphone: nil
        case .view: StreamPriority.view
        case .camera(let person):
            StreamPriority.of(camera: views?[source]?.pinned == true, isSpeaker: person == speaker)
        }
    }

    /// The most sections that a page is offered beside that of its data channels.
    package static let maximumTracks = 126
    /// As long as there are no more cameras, hidden ones keep a section, so that they are there at once.
    package static let readyCameras = 24

    /// What is to have a section of the connection: what the page shows and hears, and as much else as there is
    /// room for.
    ///
    /// - Parameter isThere: Whether a track has a section already.
    package func tracks(of offered: [OfferedTrack], isThere: (OfferedTrack) -> Bool) -> [OfferedTrack] {
        var (desk, shown, hidden) = ([OfferedTrack](), [OfferedTrack](), [OfferedTrack]())
        var (heard, muted) = ([OfferedTrack](), [OfferedTrack]())
        for track in offered {
            switch track.source {
            case .deskPicture, .deskSound, .view: desk.append(track)
            case .microphone where track.isMuted: muted.append(track)
            case .microphone: heard.append(track)
            case .camera where demand(for: track.source) == .hidden: hidden.append(track)
            case .camera: shown.append(track)
            }
        }
        let ready = hidden.filter(isThere) + hidden.filter { !isThere($0) }
        let tracks = desk + heard + shown + muted + ready.prefix(max(0, Self.readyCameras - shown.count))
        return Array(tracks.prefix(Self.maximumTracks))
    }

    /// The smallest of a page's three encodings or spatial layers, which halve twice, that fills a tile.
    private static func layer(for view: ClientMessage.View) -> Int {
        switch view.height {
        case _ where view.pinned == true: 2
        case ...200: 0
        case ...400: 1
        default: 2
        }
    }
}
