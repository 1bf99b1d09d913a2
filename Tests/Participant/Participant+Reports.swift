internal import WebRTC
public import Wire

extension Participant {
    // MARK: RTCP from the room

    func handleRTCP(_ datagram: inout MutableRawSpan, now: Instant, into queue: inout TransmitQueue) {
        guard receiver != nil, let length = try? receiver?.unprotectRTCP(&datagram) else {
            statistics.rejected += 1
            return
        }
        let compound = datagram.bytes.extracting(first: length)
        var packets = RTCPPackets()
        do throws(RTCPParseError) {
            while let element = try packets.next(in: compound) {
                try handle(element, in: compound, now: now, into: &queue)
            }
        } catch {
            statistics.rejected += 1
        }
    }

    private func handle(
        _ element: RTCPPackets.Element,
        in compound: RawSpan,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(RTCPParseError) {
        switch element.type {
        case RTCPType.senderReport:
            let report = try SenderReport(element.body, in: compound)
            for index in streams.indices where streams[index].parameters.ssrc == report.ssrc {
                streams[index].senderReport = report
                streams[index].reception.handle(report, now: now)
            }
        case RTCPType.receiverReport:
            try ReportBlock.forEach(element, in: compound) { block in
                guard published.contains(where: { $0.parameters.ssrc == block.ssrc }) else { return }
                statistics.reportsReceived += 1
                statistics.reportedLoss = Double(block.fractionLost) / 256
            }
        case RTCPType.transportFeedback:
            let feedback = try RTCPFeedback(element, in: compound)
            if element.count == RTCPType.genericNACK {
                guard let stream = published.first(where: { $0.parameters.ssrc == feedback.media }) else {
                    return
                }
                try GenericNACK.forEachLost(feedback, in: compound) { number in
                    statistics.nacksReceived += 1
                    resend(number.rawValue, of: stream, now: now, into: &queue)
                }
            } else if element.count == RTCPType.transportWideCC {
                statistics.transportFeedbackReceived += 1
                try TransportFeedback(feedback, in: compound).forEachPacket(in: compound) { _, arrival in
                    if arrival == nil { statistics.transportFeedbackLost += 1 }
                }
                try estimate?.handle(feedback, in: compound, now: now)
                applyEstimate()
            }
        case RTCPType.payloadFeedback:
            let feedback = try RTCPFeedback(element, in: compound)
            if let limit = ReceiverEstimatedMaximumBitrate(feedback, in: compound) {
                statistics.receiverLimit = Int(clamping: limit.bitrate)
                estimate?.limit = statistics.receiverLimit
            }
            guard element.count == RTCPType.pictureLossIndication else { return }
            for stream in published where stream.parameters.ssrc == feedback.media {
                statistics.keyFrameRequestsReceived += 1
                stream.requestKeyFrame(now: now)
            }
        default: break
        }
    }

    // MARK: RTCP to the room

    /// Sends a compound packet that a test has written itself.
    public func sendRTCP(into queue: inout TransmitQueue, _ write: (inout OutputRawSpan) -> Void) {
        guard sender != nil else { return }
        var compound = [UInt8](repeating: 0, count: 1_200)
        let length = compound.withUnsafeMutableBytes { buffer in
            var out = OutputRawSpan(buffer: buffer, initializedCount: 0)
            write(&out)
            return out.finalize(for: buffer)
        }
        guard length > 0 else { return }
        let plain = compound.span.bytes.extracting(first: length)
        // What does not fit is the writer's mistake; the room sees nothing.
        try? queue.append(to: remoteAddress) { out throws(SRTPError) in
            try sender?.protectRTCP(plain, into: &out)
        }
    }

    /// Requests for packets and key frames, and arrival times.
    func sendFeedback(now: Instant, into queue: inout TransmitQueue) {
        for index in streams.indices {
            streams[index].handleTimeout(now: now)
            guard streams[index].hasFeedback(now: now) else { continue }
            sendRTCP(into: &queue) { out in
                ReportBlock.writeEmptyReceiverReport(from: ssrc, into: &out)
                streams[index].writeFeedback(from: ssrc, now: now, into: &out)
            }
        }
        guard sendsTransportFeedback, let due = arrivals.pollTimeout(), now >= due, let media = streams.first
        else { return }
        var isPending = true
        while isPending {
            sendRTCP(into: &queue) { out in
                isPending = arrivals.pollFeedback(
                    from: ssrc,
                    about: media.parameters.ssrc,
                    now: now,
                    into: &out
                )
                if isPending { statistics.transportFeedbackSent += 1 }
            }
        }
    }

    /// A receiver report block for each stream received, a sender report for each published, every second.
    func sendReports(now: Instant, into queue: inout TransmitQueue) {
        guard let due = nextReport, now >= due else { return }
        nextReport = now + .seconds(1)
        for start in stride(from: 0, to: streams.count, by: 16) {
            sendRTCP(into: &queue) { out in
                for index in start..<min(start + 16, streams.count) {
                    let ssrc = streams[index].parameters.ssrc
                    let block = streams[index].reception.makeReportBlock(ssrc, now: now)
                    block?.writeReceiverReport(from: self.ssrc, into: &out)
                }
            }
        }
        // The wall clock of a participant is its monotonic one: nobody compares it with another's.
        let clock = NTPTime(unixNanoseconds: now.nanoseconds)
        for stream in published {
            sendRTCP(into: &queue) { out in
                stream.sent.makeReport(stream.parameters.ssrc, wallClock: clock, now: now)?.write(into: &out)
            }
        }
    }
}
