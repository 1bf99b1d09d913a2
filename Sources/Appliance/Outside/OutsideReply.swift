package import Wire

/// What a WHIP or WHEP request is answered.
package enum OutsideReply: Hashable, Sendable {
    /// 406: the room cannot answer the offer, and makes one of its own, which holds for so many seconds.
    case counter(sdp: String, seconds: Int64, servers: ICEServers?)
    /// 201: the room's answer, and the session's first tag.
    case created(sdp: String, tag: String, servers: ICEServers?)
    /// 204.
    case done
    /// 200: the session is over.
    case ended
    case refused(APIProblem)
    /// 200: ICE has begun anew, by these credentials.
    case restarted(TrickleFragment, tag: String)
}
