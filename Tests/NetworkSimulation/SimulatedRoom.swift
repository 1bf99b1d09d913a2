package import Participant
package import SFU
internal import WebRTC
package import Wire

/// A desk with sound and its viewers on virtual links, with as much of a session as adapts the desk to a
/// viewer's path.
package final class SimulatedRoom {
    /// Somebody who watches.
    package final class Viewer {
        package let peer: SimulatedNetwork.Peer
        fileprivate let down: SimulatedNetwork.Path
        fileprivate let up: SimulatedNetwork.Path
        fileprivate let ceiling: Int?
        fileprivate var isPublisher = false
        fileprivate var published: ProducerID?
        package fileprivate(set) var picture: ConsumerParameters?
        package fileprivate(set) var sound: ConsumerParameters?
        /// A rendition of the desk for this viewer alone, which follows what the path carries; `nil`: the
        /// common one.
        package fileprivate(set) var rendition: SimulatedNetwork.Source?
        /// What the path was last said to carry, and every time that was said.
        package fileprivate(set) var available: [(at: Instant, bitrate: Int)] = []
        /// What the path was thought to carry, a tenth of a second apart, from the beginning on.
        package fileprivate(set) var estimates: [Int] = []
        /// How often the picture was paused for want of room.
        package fileprivate(set) var pauses = 0

        init(
            _ peer: SimulatedNetwork.Peer,
            down: SimulatedNetwork.Path,
            up: SimulatedNetwork.Path,
            ceiling: Int?
        ) {
            self.peer = peer
            self.down = down
            self.up = up
            self.ceiling = ceiling
        }

        private var stream: ReceivedStream? {
            picture.flatMap { peer.participant.stream($0.rtp.encodings[0].ssrc ?? 0) }
        }

        /// The packets of the picture.
        package var arrivals: [ReceivedStream.Arrival] { stream?.arrivals ?? [] }

        /// When its pictures came.
        package var pictures: PictureTimes { PictureTimes(arrivals) }

        /// Bytes of the picture that came.
        package var received: Int { stream?.statistics.bytes ?? 0 }
    }

    package let network: SimulatedNetwork
    package private(set) var viewers: [Viewer] = []
    private let desk: (source: SimulatedNetwork.Source, producer: ProducerID)
    private let small: SimulatedNetwork.Source?
    private let sound: (source: SimulatedNetwork.Source, producer: ProducerID)
    private var seen = 0
    private var nextSSRC: UInt32 = 0x10_0000
    /// When ``begin(seed:)`` was called.
    package private(set) var start = Instant(nanoseconds: 0)

    /// - Parameters:
    ///   - bitrate: Of the desk that is common to all, bits per second.
    ///   - smallBitrate: Of its small picture, which is made while somebody needs it; `nil`: there is none.
    package init(seed: UInt64, bitrate: Int = 1_500_000, smallBitrate: Int? = nil) throws {
        network = try SimulatedNetwork(seed: seed)
        if let smallBitrate {
            var full = PublishedStream.Parameters.desk()
            full.encoding = 1
            var less = PublishedStream.Parameters.desk(ssrc: 0x2220)
            less.frameInterval = .milliseconds(100)
            let (sources, producer) = try network.addSource(
                encodings: [(less, smallBitrate), (full, 5_000_000)]
            )
            sources[0].stream.setBitrate(smallBitrate, keyFrame: 5)
            small = sources[0]
            desk = (sources[1], producer)
        } else {
            small = nil
            desk = try network.addSource(.desk())
        }
        desk.source.stream.setBitrate(bitrate)
        sound = try network.addSource(.desk(.opus, ssrc: 0x3333))
    }

    /// The desk that is common to all.
    package var desktop: PublishedStream { desk.source.stream }

    /// Its small picture.
    package var smallDesktop: PublishedStream? { small?.stream }

    /// What the desk was told to make, at each change.
    package private(set) var wanted: [(at: Instant, encodings: Set<Int>)] = []

    /// Lets somebody in, over a fast path; they see and hear from ``begin(seed:)`` on.
    ///
    /// - Parameter ceiling: Of a rendition of their own, bits per second; `nil`: they watch the common one.
    @discardableResult
    package func admit(
        down: SimulatedNetwork.Path,
        up: SimulatedNetwork.Path = SimulatedNetwork.Path(),
        ceiling: Int? = nil
    ) throws -> Viewer {
        let peer = try network.join()
        guard network.run(until: { peer.participant.isConnected }) else {
            throw SFUError.invalidState("no connection")
        }
        let viewer = Viewer(peer, down: down, up: up, ceiling: ceiling)
        viewers.append(viewer)
        return viewer
    }

    /// Lets somebody in who publishes a camera as a browser does, over a fast path until ``begin(seed:)``.
    package func addCamera(up: SimulatedNetwork.Path, ceiling: Int) throws -> Viewer {
        let viewer = try admit(down: SimulatedNetwork.Path(), up: up, ceiling: ceiling)
        viewer.isPublisher = true
        return viewer
    }

    /// Has a viewer see a camera in the place of the desk.
    package func watch(_ camera: Viewer, by viewer: Viewer) throws {
        guard let producer = camera.published else { throw SFUError.notFound }
        viewer.picture = try network.view(producer, by: viewer.peer)
    }

    /// Gives all viewers their paths and their media, from a full second of the clock on, whatever came
    /// before: keys are random, and their exchange need not take the same time twice.
    package func begin(seed: UInt64) throws {
        let second: Int64 = 1_000_000_000
        let start = Instant(nanoseconds: (network.now.nanoseconds / second + 1) * second)
        network.run(for: start - network.now)
        self.start = start
        network.random = SplitMix64(seed: seed)
        for viewer in viewers {
            viewer.peer.down = viewer.down
            viewer.peer.up = viewer.up
            if viewer.isPublisher {
                try publish(from: viewer)
                continue
            }
            var producer = desk.producer
            if let ceiling = viewer.ceiling {
                nextSSRC += 2
                let own = try network.addSource(.desk(ssrc: nextSSRC))
                own.source.stream.setBitrate(min(ceiling, Self.firstBitrate), keyFrame: 2)
                viewer.rendition = own.source
                producer = own.producer
            }
            try show(producer, to: viewer)
        }
    }

    /// Has somebody who came after ``begin(seed:)`` see and hear the desk.
    package func show(_ viewer: Viewer) throws { try show(desk.producer, to: viewer) }

    private func show(_ producer: ProducerID, to viewer: Viewer) throws {
        viewer.picture = try network.view(producer, by: viewer.peer)
        viewer.sound = try network.view(sound.producer, by: viewer.peer)
    }

    private func publish(from viewer: Viewer) throws {
        viewer.published = try network.publish(.camera(), by: viewer.peer).producer
        viewer.peer.participant.adaptPublishing(ceiling: viewer.ceiling ?? 1_000_000, now: network.now)
    }

    /// Runs, and has the renditions follow what is said of the paths.
    package func run(for interval: Interval) {
        let end = network.now + interval
        while network.now < end {
            network.run(for: min(Self.step, end - network.now))
            for viewer in viewers {
                let transport = try? network.core.webRTCTransport(viewer.peer.transport)
                viewer.estimates.append(transport?.currentStatistics().availableBitrate ?? 0)
            }
            while seen < network.events.count {
                handle(network.events[seen])
                seen += 1
            }
        }
    }

    private func handle(_ event: WorkerEvent) {
        switch event {
        case .availableBitrateChanged(let id, let bitrate):
            guard let viewer = viewers.first(where: { $0.peer.transport == id }) else { return }
            viewer.available.append((network.now, bitrate))
            guard let rendition = viewer.rendition else { return }
            // Without headers and sound, and with a little to spare for retransmissions.
            let media = min(viewer.ceiling ?? bitrate, max(60_000, (bitrate - 60_000) * 92 / 100))
            rendition.stream.setBitrate(media, keyFrame: 2)
        case .wantedLayersChanged(desk.producer, let encodings):
            wanted.append((network.now, encodings))
            guard let small, small.stream.isActive != encodings.contains(0) else { return }
            small.stream.isActive = encodings.contains(0)
            small.nextReport = small.stream.isActive ? network.now + .seconds(1) : nil
        case .consumerLimited(let id, isPaused: true):
            viewers.first { $0.picture?.id == id }?.pauses += 1
        default: break
        }
    }

    /// Between two looks at the estimates.
    package static let step = Interval.milliseconds(100)
    /// Bits per second.
    private static let firstBitrate = 300_000
}
