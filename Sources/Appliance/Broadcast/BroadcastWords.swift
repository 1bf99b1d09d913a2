internal import Access
internal import IO
internal import MediasoupSignalling
internal import SFU
internal import Wire

/// What broadcasters are told, in the members of both generations.
enum BroadcastWords {
    static func transport(_ made: PlainTransportParameters) -> JSONObject {
        let id = JSONValue.string(String(made.id.rawValue))
        return JSONObject([
            "id": id, "transportId": id,
            "ip": .string(made.localAddress.text),
            "port": .integer(Int64(made.localAddress.port)),
            "rtcpPort": made.rtcpAddress.map { .integer(Int64($0.port)) },
            "srtpParameters": made.srtp.map {
                .object(
                    JSONObject([
                        "cryptoSuite": .string($0.cryptoSuite.rawValue), "keyBase64": .string($0.keyBase64),
                    ])
                )
            },
        ])
    }

    static func consumer(_ consumer: ConsumerParameters, of producer: DeskProducer) -> JSONObject {
        let id = JSONValue.string(String(consumer.id.rawValue))
        return JSONObject([
            "id": id, "consumerId": id,
            "producerId": .string(producer.rawValue),
            "kind": .string(consumer.kind.rawValue),
            "type": .string("simple"),
            "rtpParameters": .object(consumer.rtp.mediasoup(consumer.kind)),
        ])
    }

    /// What there is to be sent, as of one peer.
    ///
    /// - Parameter idName: What a peer's name is called: `id` before 2024, `peerId` since.
    static func desk(idName: String) -> JSONObject {
        JSONObject([
            (idName, .string("desk")),
            ("displayName", .string("Desk")),
            (
                "producers",
                .array(
                    DeskProducer.allCases.map { producer in
                        let codecs = RTPParameters(codecs: producer.codecs, encodings: [])
                            .mediasoup(producer.kind)["codecs"]
                        return .object(
                            JSONObject([
                                "id": .string(producer.rawValue), "producerId": .string(producer.rawValue),
                                "kind": .string(producer.kind.rawValue),
                                "source": .string(producer == .picture ? "screensharing" : "audio"),
                                "consumableCodecs": codecs,
                            ])
                        )
                    }
                )
            ),
        ])
    }
}
