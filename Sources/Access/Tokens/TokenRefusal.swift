/// Why a token lets nobody in.
///
/// Its ``description`` is for whoever has opened a link. It says what they can do, and repeats nothing of the token.
package enum TokenRefusal: Error, Hashable, Sendable {
    /// A claim is missing or is not what it should be, in a token that is signed rightly: whoever makes them errs.
    case badClaim(String)
    /// It is not three parts of base64url with a header of JSON.
    case damaged
    case expired
    /// No key has made its signature.
    case forged
    /// Seconds until it is valid.
    case notYetValid(seconds: Int64)
    /// It was made for another service.
    case otherAudience
    case otherRoom
    /// It works once, and has.
    case spent
    /// No more used identifiers can be remembered, and a second use would not be noticed.
    case spentIsFull
    case tooLong
    /// Seconds to wait after too many refusals.
    case tooManyTries(seconds: Int64)
    case unknownKey
    /// An algorithm (`none` among them), a type or a critical header that is not known here.
    case unsupported
    case withdrawn
    /// Not the algorithm of the key.
    case wrongAlgorithm

    /// Whether it may come of guessing: the signature was not confirmed.
    package var isGuess: Bool {
        switch self {
        case .damaged, .forged, .tooLong, .unknownKey, .unsupported, .wrongAlgorithm: true
        case .badClaim, .expired, .notYetValid, .otherAudience, .otherRoom, .spent, .spentIsFull,
            .tooManyTries,
            .withdrawn:
            false
        }
    }

    /// A word for logs, the audit and programs.
    package var code: Code {
        switch self {
        case .badClaim: .badClaim
        case .damaged: .damaged
        case .expired: .expired
        case .forged: .forged
        case .notYetValid: .notYetValid
        case .otherAudience: .otherAudience
        case .otherRoom: .otherRoom
        case .spent: .spent
        case .spentIsFull: .spentIsFull
        case .tooLong: .tooLong
        case .tooManyTries: .tooManyTries
        case .unknownKey: .unknownKey
        case .unsupported: .unsupported
        case .withdrawn: .withdrawn
        case .wrongAlgorithm: .wrongAlgorithm
        }
    }

    package enum Code: String, Hashable, Sendable, CaseIterable {
        case badClaim, damaged, expired, forged, notYetValid, otherAudience, otherRoom, spent, spentIsFull,
            tooLong,
            tooManyTries, unknownKey, unsupported, withdrawn, wrongAlgorithm
    }
}

extension TokenRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badClaim(let name):
            "This link was made wrongly (“\(name)” is missing or not understood). Tell whoever sent it to you."
        case .damaged, .tooLong:
            "This link is incomplete or was changed on the way. Open it again as it was sent to you, or ask for a new one."
        case .expired: "This link has expired. Ask whoever sent it to you for a new one."
        case .forged, .unknownKey, .unsupported, .wrongAlgorithm:
            "This link is not from anybody this room knows. Open it again as it was sent to you, or ask for a new one."
        case .notYetValid(let seconds):
            "This link is not valid yet. Come back in \(Self.words(forSeconds: seconds))."
        case .otherAudience:
            "This link is for another service. Ask whoever sent it to you for one to this room."
        case .otherRoom: "This link is for another room. Look for the one to this room, or ask for it."
        case .spent: "This link works only once and has been used. Ask whoever sent it to you for a new one."
        case .spentIsFull:
            "This room takes no more links that work only once. Ask whoever sent it to you for another kind of link."
        case .tooManyTries(let seconds):
            "There were too many tries with links that are not valid. Wait \(Self.words(forSeconds: seconds)), then try again."
        case .withdrawn: "This link has been withdrawn. Ask whoever sent it to you what to do."
        }
    }

    /// Rounded up, so that nobody comes back too early.
    private static func words(forSeconds seconds: Int64) -> String {
        let (count, unit): (Int64, String) =
            switch seconds {
            case ..<60: (max(1, seconds), "second")
            case ..<3_600: ((seconds + 59) / 60, "minute")
            case ..<172_800: ((seconds + 3_599) / 3_600, "hour")
            default: ((seconds + 86_399) / 86_400, "day")
            }
        return "\(count) \(unit)\(count == 1 ? "" : "s")"
    }
}
