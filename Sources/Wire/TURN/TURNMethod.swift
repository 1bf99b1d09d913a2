/// STUN's methods that are TURN's (RFC 8656 §17).
public enum TURNMethod {
    public static let allocate: UInt16 = 0x003
    public static let refresh: UInt16 = 0x004
    /// Indications only, as ``data``.
    public static let send: UInt16 = 0x006
    public static let data: UInt16 = 0x007
    public static let createPermission: UInt16 = 0x008
    public static let channelBind: UInt16 = 0x009
}
