extension RTPParameters {
    /// How a stream with these parameters goes through a pipe: in the same codecs and payload types, without what is of
    /// one path or one session description only (as mediasoup's `getPipeConsumerRtpParameters`).
    ///
    /// - Parameters:
    ///   - encodings: With the SSRCs that they have in the pipe.
    ///   - enablesRTX: Whether lost packets are asked for and sent again.
    func piped(_ encodings: [RTPEncodingParameters], enablesRTX: Bool, cname: String) -> RTPParameters {
        RTPParameters(
            codecs: codecs.filter { enablesRTX || $0.codec != .rtx }.map { codec in
                var codec = codec
                let kept: Set<RTCPFeedbackType> =
                    enablesRTX ? [.nack, .nackPLI, .ccmFIR] : [.nackPLI, .ccmFIR]
                codec.rtcpFeedback.formIntersection(kept)
                return codec
            },
            headerExtensions: headerExtensions.filter { Self.pipedExtensions.contains($0.uri) },
            encodings: encodings,
            rtcp: RTCPParameters(cname: cname)
        )
    }

    private static let pipedExtensions: Set<RTPHeaderExtensionURI> = [.audioLevel, .dependencyDescriptor]
}
