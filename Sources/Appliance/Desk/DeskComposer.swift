internal import GstBridge
internal import IO
internal import RemoteControl
internal import Synchronization
internal import Wire

/// The desk process: capture and input of one X display, at the room's command.
///
/// It ends when the room does, and Xlib ends it when the X server goes away; the keeper starts it anew.
struct DeskComposer {
    /// The descriptor of its end of the link with the room.
    var link: CInt
    var display: String
    var capture: CaptureSource
    var soundServer: String?
    var soundSource: String
    /// Of the folder for files, absolute; `nil`: there is none.
    var folder: String?
    /// Whether the size of the screen is the room's to change.
    var ownsScreen: Bool
    /// The sink into which people's voices are played; `nil`: nobody's are.
    var peopleSink: String?

    /// What comes in, from two threads: the seat's and the media's.
    private enum Input: Sendable {
        case seat(DeskSeat.Event)
        case media(DeskMediaStatus)
        case reportDue
        /// Nobody is heard any more.
        case voicesEnded(Int)
    }

    func run() async throws {
        let (inputs, feed) = AsyncStream<Input>.makeStream()
        let media = DeskMedia { feed.yield(.media($0)) }
        let seat = try DeskSeat(
            display: display,
            ownsScreen: ownsScreen,
            link: try SeqPacketSocket(inheriting: link)
        ) { event in
            guard case .injected(let lease, let time, let now) = event else {
                feed.yield(.seat(event))
                return
            }
            // At once: the picture may come sooner than whatever waits there.
            media.handleInput(UInt64(lease.rawValue) << 32 | UInt64(time), at: now)
        }
        seat.start()
        let clipboard = try await Self.startClipboard(display: display, seat)
        let files = try await startFiles(seat)
        let clock = Task {
            while (try? await Task.sleep(for: Self.reportPeriod)) != nil { feed.yield(.reportDue) }
        }
        defer { clock.cancel() }

        var condition = DeskCondition()
        var tally = DeskTally()
        var streams: [DeskStreamName: CaptureStreamConfiguration] = [:]
        let voices = DeskVoices(sink: peopleSink, server: soundServer)
        defer { voices.stop() }
        await seat.send(.status(condition.status))
        for await input in inputs {
            switch input {
            case .seat(.roomGone):
                media.stop()
                await seat.stop()
                await clipboard.stop()
                await files?.stop()
                return
            case .seat(.command(.openVoices)):
                var end: SeqPacketSocket?
                voices.open(&end) { feed.yield(.voicesEnded($0)) }
                if let end = end.take() { await seat.hand(end, as: .voicesLink) }
            case .voicesEnded(let number): voices.handleEnd(of: number)
            case .seat(.command(let command)):
                carryOut(command, media, &streams)
            case .seat(let event):
                condition.handle(event)
            case .media(.covered(let number, let since)):
                let since = UInt64(clamping: since.nanoseconds)
                await seat.send(.covered(DeskCovered(number: number, since: since)))
            case .media(.effect(let effect)):
                await seat.send(.effect(DeskEffect(effect)))
            case .media(.windowLost(let window)):
                await seat.send(.windowLost(window))
            case .media(let status):
                condition.handle(status)
            case .reportDue:
                let counts = await seat.inputCounts
                await seat.send(.statistics(tally.statistics(media.statistics, counts)))
            }
            if condition.hasChanged() { await seat.send(.status(condition.status)) }
        }
    }

    /// Makes the link for clipboards, whose other end the room is handed.
    private static func startClipboard(
        display: String,
        _ seat: DeskSeat
    ) async throws -> ClipboardSeat {
        var end: SeqPacketSocket?
        let clipboard = try ClipboardSeat(display: display, link: try SeqPacketSocket(pairedWith: &end))
        clipboard.start()
        // The pair has been made.
        if let end = end.take() { await seat.hand(end, as: .clipboardLink) }
        return clipboard
    }

    /// Makes the link for files, whose other end the room is handed.
    private func startFiles(_ seat: DeskSeat) async throws -> FileSeat? {
        guard let folder else { return nil }
        var end: SeqPacketSocket?
        let link = try SeqPacketSocket(pairedWith: &end)
        let files = try FileSeat(folder: folder, display: display, link: link)
        files.start()
        // The pair has been made.
        if let end = end.take() { await seat.hand(end, as: .filesLink) }
        return files
    }

    private func carryOut(
        _ command: DeskCommand,
        _ media: DeskMedia,
        _ streams: inout [DeskStreamName: CaptureStreamConfiguration]
    ) {
        switch command {
        case .configure(let configuration):
            media.start(
                DeskMediaConfiguration(
                    display: display,
                    source: capture,
                    framesPerSecond: Int(configuration.framesPerSecond),
                    audioDevice: soundSource,
                    audioServer: soundServer
                )
            )
            for stream in configuration.streams {
                let wanted = CaptureStreamConfiguration(stream, maximumPacketSize: Int(configuration.mtu))
                streams[stream.name] = wanted
                if stream.isStarted { media.startStream(wanted) }
            }
        case .startStream(let name):
            if let wanted = streams[name] { media.startStream(wanted) }
        case .stopStream(let name):
            media.stopStream(CaptureStream(name))
        case .cover(let cover):
            media.setCover(Cover(cover))
        // These are done elsewhere.
        case .input, .listWindows, .mark, .openVoices, .releaseAll, .releaseHand, .removeHand, .setLayout,
            .setScreenSize:
            break
        }
    }

    private static let reportPeriod = Duration.seconds(5)
}

extension Cover {
    init(_ cover: DeskCover) {
        self.init(
            number: cover.number,
            hidesAll: cover.hidesAll,
            rectangles: cover.rectangles.map {
                PixelRect(x: Int($0.x), y: Int($0.y), width: Int($0.width), height: Int($0.height))
            },
            windows: cover.windows
        )
    }
}

extension DeskEffect {
    /// - Parameter effect: Of an input that is called by its lease and the client's time.
    init(_ effect: InputEffect) {
        self.init(
            lease: LeaseID(UInt32(effect.input >> 32)),
            clientTime: UInt32(truncatingIfNeeded: effect.input),
            injected: UInt64(clamping: effect.injected.nanoseconds),
            changed: UInt64(clamping: effect.changed.nanoseconds),
            captured: UInt64(clamping: effect.captured.nanoseconds),
            read: UInt64(clamping: effect.read.nanoseconds),
            sent: UInt64(clamping: effect.sent.nanoseconds)
        )
    }
}

extension CaptureStream {
    init(_ name: DeskStreamName) {
        switch name {
        case .h264: self = .h264
        case .h264Clear: self = .h264Clear
        case .h264ClearSmall: self = .h264ClearSmall
        case .h264Small: self = .h264Small
        case .opus: self = .opus
        case .vp8: self = .vp8
        case .vp8Clear: self = .vp8Clear
        case .vp8ClearSmall: self = .vp8ClearSmall
        case .vp8Small: self = .vp8Small
        }
    }
}

extension CaptureStreamConfiguration {
    init(_ stream: DeskStream, maximumPacketSize: Int) {
        self.init(
            stream: CaptureStream(stream.name),
            port: stream.port,
            ssrc: stream.ssrc,
            payloadType: stream.payloadType,
            bitrate: Int(stream.bitrate),
            maximumPacketSize: maximumPacketSize,
            cname: stream.cname
        )
    }
}

extension DeskStream {
    /// The CNAME of the stream's reports, as the room expects it.
    var cname: String { String(key, radix: 16) }
}
