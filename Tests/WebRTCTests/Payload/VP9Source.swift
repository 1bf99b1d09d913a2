import Wire

/// Makes VP9 pictures of some spatial and three temporal layers, two packets a frame.
struct VP9Source {
    var layers: Int {
        didSet { if layers > oldValue { added = oldValue } }
    }
    var isKeySVC: Bool
    var picture: UInt16
    var base: UInt8
    private var index = 0
    /// The first spatial layer that has no frame yet.
    private var added: Int?

    init(layers: Int, isKeySVC: Bool, picture: UInt16, base: UInt8) {
        self.layers = layers
        self.isKeySVC = isKeySVC
        self.picture = picture
        self.base = base
    }

    mutating func next(isKey: Bool = false) -> [VP9Packet] {
        if isKey { index = 0 }
        let temporal: UInt8 = [0, 2, 1, 2][index % 4]
        index += 1
        picture = (picture + 1) & 0x7fff
        if temporal == 0 { base &+= 1 }
        defer { added = nil }
        return (0..<layers).flatMap { layer in
            let standsAlone = isKey || layer >= added ?? .max
            let hasInterLayer = layer > 0 && (standsAlone || !isKeySVC)
            return [true, false].map { isFirst in
                VP9Packet(
                    picture: picture,
                    base: base,
                    temporal: temporal,
                    spatial: UInt8(layer),
                    isUp: temporal == 0,
                    isInter: !standsAlone,
                    isInterLayer: hasInterLayer,
                    isUnusedAbove: layer == layers - 1 || isKeySVC && !isKey,
                    isFirst: isFirst,
                    isLast: !isFirst,
                    isMarked: !isFirst && layer == layers - 1
                )
            }
        }
    }
}

/// Writes a VP9 packet of the fixed mode.
struct VP9Packet {
    var picture: UInt16
    var base: UInt8 = 0
    var temporal: UInt8 = 0
    var spatial: UInt8 = 0
    var isUp = false
    var isInter = true
    var isInterLayer = false
    var isUnusedAbove = false
    var isFirst = true
    var isLast = true
    var isMarked: Bool

    var bytes: [UInt8] {
        var first: UInt8 = 0xa0
        if isInter { first |= 0x40 }
        if isFirst { first |= 0x08 }
        if isLast { first |= 0x04 }
        if isUnusedAbove { first |= 0x01 }
        let layers = temporal << 5 | (isUp ? 0x10 : 0) | spatial << 1 | (isInterLayer ? 1 : 0)
        return [first, 0x80 | UInt8(picture >> 8), UInt8(picture & 0xff), layers, base, 0, 0]
    }

    var descriptor: VP9PayloadDescriptor {
        guard let descriptor = parseVP9(bytes) else { fatalError("the bytes are a whole packet") }
        return descriptor
    }
}

func parseVP9(_ payload: [UInt8]) -> VP9PayloadDescriptor? { VP9PayloadDescriptor(payload.span.bytes) }
