package import Access
package import WebRTC

/// mediasoup's *SctpStreamParameters*, beside a data producer's or consumer's label and protocol.
extension DataChannelParameters {
    /// Reads the members `sctpStreamParameters`, `label` and `protocol` of a request; the stream's number goes beside.
    package static func parse(
        mediasoup object: JSONObject
    ) throws(MediasoupError) -> (stream: UInt16, parameters: Self) {
        let fields = JSONFields(object, at: "data")
        let stream = try fields.fields("sctpStreamParameters")
        let parameters = Self(
            label: try fields.optionalText("label", limit: 1_024) ?? "",
            subprotocol: try fields.optionalText("protocol", limit: 1_024) ?? "",
            isOrdered: try stream.optionalBool("ordered") ?? true,
            maximumRetransmits: try number(stream, "maxRetransmits"),
            maximumPacketLifeTime: try number(stream, "maxPacketLifeTime")
        )
        guard parameters.maximumRetransmits == nil || parameters.maximumPacketLifeTime == nil else {
            throw stream.wrong("maxRetransmits", "cannot be there beside maxPacketLifeTime")
        }
        // 65 535 is reserved (RFC 8831 §6.2).
        return (UInt16(try stream.integer("streamId", in: 0...65_534)), parameters)
    }

    /// What a client is told of a data consumer on this stream.
    package func mediasoup(stream: UInt16) -> JSONObject {
        JSONObject([
            "streamId": .integer(Int64(stream)),
            "ordered": .bool(isOrdered),
            "maxRetransmits": maximumRetransmits.map { .integer(Int64($0)) },
            "maxPacketLifeTime": maximumPacketLifeTime.map { .integer(Int64($0)) },
        ])
    }

    private static func number(_ fields: JSONFields, _ name: String) throws(MediasoupError) -> UInt16? {
        try fields.optionalInteger(name, in: 0...Int(UInt16.max)).map { UInt16($0) }
    }
}
