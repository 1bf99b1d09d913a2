internal import Wire

/// What an answer of the room's receives.
struct OutsideMedia: Hashable {
    private var kinds: Set<String> = []

    /// - Parameter sdp: The answer.
    init(in sdp: String) {
        guard let description = try? SessionDescription(reading: sdp) else { return }
        kinds = Set(description.media.lazy.filter { $0.attributes.has("recvonly") }.map(\.kind))
    }

    var isAny: Bool { !kinds.isEmpty }

    /// As its sender would say of their own devices.
    var told: RoomMessage.Media {
        RoomMessage.Media(
            audio: kinds.contains("audio") ? .on : .none,
            video: kinds.contains("video") ? .on : .none
        )
    }
}
