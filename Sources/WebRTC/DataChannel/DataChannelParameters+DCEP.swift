internal import Wire

extension DCEPOpen {
    /// The request that stands for `parameters`, or `nil` if there is none.
    init?(_ parameters: DataChannelParameters) {
        guard parameters.label.utf8.count <= 0xffff, parameters.subprotocol.utf8.count <= 0xffff else {
            return nil
        }
        let reliability: Reliability
        switch (parameters.maximumRetransmits, parameters.maximumPacketLifeTime) {
        case (nil, nil): reliability = .reliable
        case (let count?, nil): reliability = .retransmissions(UInt32(count))
        case (nil, let milliseconds?): reliability = .lifetime(UInt32(milliseconds))
        case (_?, _?): return nil
        }
        self.init(
            label: parameters.label,
            subprotocol: parameters.subprotocol,
            isOrdered: parameters.isOrdered,
            reliability: reliability
        )
    }
}

extension DataChannelParameters {
    /// Limits beyond 16 bits, which no browser has, count as the longest.
    init(_ request: DCEPOpen) {
        self.init(label: request.label, subprotocol: request.subprotocol, isOrdered: request.isOrdered)
        switch request.reliability {
        case .reliable: break
        case .retransmissions(let count): maximumRetransmits = UInt16(clamping: count)
        case .lifetime(let milliseconds): maximumPacketLifeTime = UInt16(clamping: milliseconds)
        }
    }
}
