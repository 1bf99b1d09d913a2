internal import Wire

/// Stream reset (RFC 6525).
extension SCTPAssociation {
    mutating func handleReconfiguration(_ chunk: SCTPChunk, in packet: RawSpan) throws(SCTPParseError) {
        guard isReceiving || isSending else { return }
        var parameters = SCTPParameterList(in: chunk.value)
        while let parameter = try parameters.next(in: packet) {
            switch try SCTPReconfiguration(parameter, in: packet) {
            case .outgoingReset(let request, _, let lastTSN, let streams):
                let answer = resetter.handleReset(
                    request,
                    lastTSN: lastTSN,
                    streams: streams,
                    cumulative: received.cumulative
                )
                switch answer {
                case .result(let result): queue(.reconfiguration(.response(to: request, result)))
                case .reset(let streams, let result): performReset(of: streams, request: request, result)
                }
            case .response(let request, let result):
                let streams = resetter.handleResponse(to: request, result)
                guard !streams.isEmpty else { continue }
                for stream in streams { sendQueue.resetSequence(of: stream) }
                emit(.outgoingReset(streams))
            case .addOutgoingStreams(let request, let count):
                let total = UInt32(inboundStreams) + UInt32(count)
                let isGranted = total <= UInt32(Self.maximumStreams)
                // A repeated request is not granted twice.
                if resetter.expects(request), isGranted { inboundStreams = UInt16(total) }
                let result = resetter.handleOther(request, isGranted ? .performed : .denied)
                queue(.reconfiguration(.response(to: request, result)))
            case .other(let request):
                queue(.reconfiguration(.response(to: request, resetter.handleOther(request, .denied))))
            case nil:
                statistics.rejected += 1
            }
        }
    }

    /// Performs the reset that waited for data, once they are here.
    mutating func performDeferredReset() {
        guard let (request, streams) = resetter.pollDeferred(cumulative: received.cumulative) else { return }
        performReset(of: streams, request: request, .performed)
    }

    private mutating func performReset(
        of streams: [UInt16],
        request: UInt32,
        _ result: SCTPReconfiguration.Result
    ) {
        reassembly.reset(streams)
        queue(.reconfiguration(.response(to: request, result)))
        emit(.incomingReset(streams))
    }
}
