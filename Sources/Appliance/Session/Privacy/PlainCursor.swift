internal import RemoteControl

/// The pointer's picture for those from whom something is hidden: the desk's own may show what is under it.
enum PlainCursor {
    static let message: [UInt8]? = {
        let rows = outline.count
        let columns = outline.map(\.count).max() ?? 0
        let argb = outline.flatMap { row in
            row.map { pixel -> UInt32 in
                switch pixel {
                case "#": 0xff00_0000
                case "o": 0xffff_ffff
                default: 0
                }
            } + Array(repeating: 0, count: columns - row.count)
        }
        return CursorShape(serial: .max, width: columns, height: rows, hotX: 0, hotY: 0, argb: argb)
            .map { CursorMessage.shape($0).encoded() }
    }()

    private static let outline = [
        "#", "##", "#o#", "#oo#", "#ooo#", "#oooo#", "#ooooo#", "#oooooo#", "#ooooooo#", "#oooooooo#",
        "#ooooo#####", "#oo#oo#", "#o# #oo#", "##  #oo#", "#    #oo#", "     #oo#", "      ##",
    ]
}
