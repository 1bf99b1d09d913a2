internal import IO
internal import Participant
internal import Wire

/// The desk's picture and sound, as plain RTP.
struct DeskFeed {
    static let videoSSRC: UInt32 = 1_111
    static let audioSSRC: UInt32 = 2_222

    let video: PublishedStream?
    let audio: PublishedStream

    /// Starts to send to `forwarder`.
    init(
        to forwarder: any Forwarder,
        in loop: Loop,
        _ context: Context,
        hasVideo: Bool = true,
        packetsPerKeyFrame: Int? = nil
    ) throws {
        audio = PublishedStream(.deskAudio(Self.audioSSRC), random: &context.random)
        try loop.add(PlainPublisher(audio, to: forwarder.audioAddress))
        var picture = PublishedStream.Parameters.deskVideo(Self.videoSSRC)
        if let packetsPerKeyFrame { picture.packetsPerKeyFrame = packetsPerKeyFrame }
        video = hasVideo ? PublishedStream(picture, random: &context.random) : nil
        if let video { try loop.add(PlainPublisher(video, to: forwarder.videoAddress)) }
        video?.start(now: .now())
        audio.start(now: .now())
    }

    /// RTP packets sent.
    var packets: Int { (video?.packets ?? 0) + audio.packets }
}
