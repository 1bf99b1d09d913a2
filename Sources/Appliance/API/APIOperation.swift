internal import HTTPTypes

/// What the API can be asked for.
enum APIOperation: Equatable {
    case admit(String)
    case describe
    case endSession
    case listPeople
    case listSettings
    case listTokens
    case mint
    case mute(String)
    case readAudit
    case readEvents
    case readStatistics
    case remove(String)
    case withdraw(String)
    case withdrawSubject(String)

    /// What there is at an address, by method.
    static func at(_ path: [String]) -> [HTTPRequest.Method: Self] {
        switch path.count {
        case 1:
            switch path[0] {
            case "audit": [.get: .readAudit]
            case "events": [.get: .readEvents]
            case "openapi.json": [.get: .describe]
            case "people": [.get: .listPeople]
            case "settings": [.get: .listSettings]
            case "stats": [.get: .readStatistics]
            case "tokens": [.get: .listTokens, .post: .mint]
            default: [:]
            }
        case 2:
            switch (path[0], path[1]) {
            case ("people", let id): [.delete: .remove(id)]
            case ("session", "end"): [.post: .endSession]
            case ("tokens", let id): [.delete: .withdraw(id)]
            default: [:]
            }
        case 3:
            switch (path[0], path[2]) {
            case ("people", "admit"): [.post: .admit(path[1])]
            case ("people", "mute"): [.post: .mute(path[1])]
            case ("subjects", "tokens"): [.delete: .withdrawSubject(path[1])]
            default: [:]
            }
        default: [:]
        }
    }
}
