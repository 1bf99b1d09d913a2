package import Wire

extension TransmitQueue {
    /// Appends the success response to a binding request, which tells `source` how it is seen from here.
    package mutating func appendSTUNSuccess(
        _ id: STUNTransactionID,
        password: String,
        to source: SocketAddress
    ) {
        append(to: source) { response in
            response.appendSTUNHeader(.successResponse, id)
            response.appendSTUNXORMappedAddress(source, id)
            response.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, password: password) }
            response.appendSTUNFingerprint()
        }
    }

    /// Appends an error response to a binding request.
    ///
    /// - Parameters:
    ///   - code: 300 to 699 (RFC 8489 §14.8).
    ///   - unknown: The attributes that a 420 is about; empty otherwise.
    ///   - password: Protects the response; `nil` if the request was not authenticated (RFC 8489 §9.1.3).
    mutating func appendSTUNError(
        _ code: UInt16,
        _ id: STUNTransactionID,
        unknown: STUNUnknownAttributes = STUNUnknownAttributes(),
        password: String? = nil,
        to destination: SocketAddress
    ) {
        append(to: destination) { response in
            response.appendSTUNHeader(.errorResponse, id)
            response.appendSTUNErrorCode(code)
            if !unknown.isEmpty { response.appendSTUNUnknownAttributes(unknown) }
            if let password {
                response.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, password: password) }
            }
            response.appendSTUNFingerprint()
        }
    }
}
