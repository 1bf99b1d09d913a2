extension STUNMessage {
    /// Reads the attributes, each a type, a length and a value padded to 4 bytes (RFC 8489 §14).
    mutating func parseAttributes(_ bytes: RawSpan) throws(STUNParseError) {
        var offset = Self.headerLength
        while offset < bytes.byteCount {
            guard let type = bytes.bigEndian(UInt16.self, at: offset),
                let length = bytes.bigEndian(UInt16.self, at: offset + 2)
            else { throw .malformedAttribute(0) }
            let value = (offset + 4)..<(offset + 4 + Int(length))
            let next = value.lowerBound + (Int(length) + 3) & ~3
            guard next <= bytes.byteCount else { throw .malformedAttribute(type) }

            if type == STUNAttributeType.fingerprint {
                guard next == bytes.byteCount, bytes.bigEndian(UInt32.self, at: value.lowerBound) != nil,
                    length == 4
                else { throw .malformedAttribute(type) }
                let checksum = CRC32.checksum(bytes, count: offset) ^ Self.fingerprintMask
                guard bytes.bigEndian(at: value.lowerBound) == checksum else { throw .wrongFingerprint }
                hasFingerprint = true
            } else if messageIntegrity == nil {
                // What follows MESSAGE-INTEGRITY is not protected by it and must be ignored (§14.5).
                try parseAttribute(type, value, of: bytes)
            }
            offset = next
        }
    }

    /// XORed into the CRC-32, so that it differs from one the application might carry (§14.7).
    static let fingerprintMask: UInt32 = 0x5354_554e

    private mutating func parseAttribute(
        _ type: UInt16,
        _ value: Range<Int>,
        of bytes: RawSpan
    ) throws(STUNParseError) {
        func require(_ condition: Bool) throws(STUNParseError) {
            guard condition else { throw .malformedAttribute(type) }
        }
        switch type {
        case STUNAttributeType.username:
            // §14.3: at most 508 bytes.
            try require(value.count <= 508)
            username = username ?? value
        case STUNAttributeType.messageIntegrity:
            try require(value.count == Self.integrityLength)
            messageIntegrity = value
        case STUNAttributeType.priority:
            try require(value.count == 4)
            priority = bytes.bigEndian(at: value.lowerBound)
        case STUNAttributeType.useCandidate:
            try require(value.isEmpty)
            useCandidate = true
        case STUNAttributeType.iceControlled:
            try require(value.count == 8)
            iceControlled = bytes.bigEndian(at: value.lowerBound)
        case STUNAttributeType.iceControlling:
            try require(value.count == 8)
            iceControlling = bytes.bigEndian(at: value.lowerBound)
        case STUNAttributeType.errorCode:
            try require(value.count >= 4)
            let hundreds = bytes.byte(at: value.lowerBound + 2) & 7
            let rest = bytes.byte(at: value.lowerBound + 3)
            try require((3...6).contains(hundreds) && rest < 100)
            errorCode = UInt16(hundreds) * 100 + UInt16(rest)
        case STUNAttributeType.xorMappedAddress:
            let address = unmask(value, of: bytes)
            try require(address != nil)
            mappedAddress = address
        case STUNAttributeType.mappedAddress, STUNAttributeType.unknownAttributes, STUNAttributeType.realm,
            STUNAttributeType.nonce, STUNAttributeType.messageIntegritySHA256:
            break
        case _ where STUNAttributeType.isComprehensionRequired(type):
            unknownAttributes.append(type)
        default:
            break
        }
    }

    /// Undoes the mask of XOR-MAPPED-ADDRESS (§14.2).
    func unmask(_ value: Range<Int>, of bytes: RawSpan) -> SocketAddress? {
        guard value.count >= 8, let port = bytes.bigEndian(UInt16.self, at: value.lowerBound + 2) else {
            return nil
        }
        let mask = XORMappedAddressMask(transactionID)
        switch bytes.byte(at: value.lowerBound + 1) {
        case 1 where value.count == 8:
            guard let address = bytes.bigEndian(UInt32.self, at: value.lowerBound + 4) else { return nil }
            return SocketAddress(ipv4: address ^ Self.magicCookie, port: port ^ mask.port)
        case 2 where value.count == 20:
            guard let high = bytes.bigEndian(UInt64.self, at: value.lowerBound + 4),
                let low = bytes.bigEndian(UInt64.self, at: value.lowerBound + 12)
            else { return nil }
            return SocketAddress(high: high ^ mask.high, low: low ^ mask.low, port: port ^ mask.port)
        default:
            return nil
        }
    }
}

/// What an address is XORed with: the magic cookie followed by the transaction id (§14.2).
struct XORMappedAddressMask {
    let high: UInt64
    let low: UInt64
    let port = UInt16(STUNMessage.magicCookie >> 16)

    init(_ id: STUNTransactionID) {
        high = UInt64(STUNMessage.magicCookie) << 32 | UInt64(id.high)
        low = id.low
    }
}
