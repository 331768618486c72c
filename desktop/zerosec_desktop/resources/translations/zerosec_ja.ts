<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja_JP">
<context>
    <name>AddCard</name>
    <message>
        <source>No file chosen yet</source>
        <translation>ファイルはまだ選ばれていません</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>ファイルを選ぶ…</translation>
    </message>
    <message>
        <source>Progress of the file on its way</source>
        <translation>送信中のファイルの進み具合</translation>
    </message>
    <message>
        <source>Send and register</source>
        <translation>送信して登録</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Register a reference</source>
        <translation>参照データを登録</translation>
    </message>
    <message>
        <source>File</source>
        <translation>ファイル</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Genome build</source>
        <translation>ゲノムビルド</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>すべてのファイル (*)</translation>
    </message>
    <message>
        <source>References ({endings})</source>
        <translation>参照データ ({endings})</translation>
    </message>
    <message>
        <source>Choose a reference</source>
        <translation>参照データを選ぶ</translation>
    </message>
    <message>
        <source>Choose the file: a genome as FASTA, genes as GTF, GFF3 or BED, spike-in sites as BED.</source>
        <translation>ファイルを選んでください。ゲノムは FASTA、遺伝子は GTF・GFF3・BED、スパイクインの部位は BED です。</translation>
    </message>
    <message>
        <source>Name and genome build are made of letters, digits, points, dashes and underlines, at most 60.</source>
        <translation>名前とゲノムビルドには英数字・ピリオド・ハイフン・下線を使い、60 文字以内にしてください。</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} / {total}</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>残り {time}</translation>
    </message>
</context>
<context>
    <name>AddForm</name>
    <message>
        <source>lab-server</source>
        <translation>lab-server</translation>
    </message>
    <message>
        <source>Try and add</source>
        <translation>試して追加</translation>
    </message>
    <message>
        <source>Add a server</source>
        <translation>サーバーを追加</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>アドレス</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>The token is kept in the keyring of this system.</source>
        <translation>トークンはこのシステムのキーリングに保管されます。</translation>
    </message>
    <message>
        <source>This system has no keyring: the token is kept in a file that only you can read.</source>
        <translation>このシステムにはキーリングがないため、トークンはあなただけが読めるファイルに保管されます。</translation>
    </message>
    <message>
        <source>The name is made of small letters, digits, - and _.</source>
        <translation>名前には英小文字、数字、-、_ を使います。</translation>
    </message>
    <message>
        <source>The address begins with https:// or http://.</source>
        <translation>アドレスは https:// または http:// で始まります。</translation>
    </message>
    <message>
        <source>Trying…</source>
        <translation>試しています…</translation>
    </message>
    <message>
        <source>It was not added: no answer</source>
        <translation>追加しませんでした：応答がありません</translation>
    </message>
</context>
<context>
    <name>AnalysisScreen</name>
    <message>
        <source>Analysis</source>
        <translation>解析</translation>
    </message>
    <message>
        <source>Run this analysis</source>
        <translation>この解析を実行</translation>
    </message>
    <message>
        <source>Undo in the form</source>
        <translation>フォームの操作を元に戻す</translation>
    </message>
    <message>
        <source>Redo in the form</source>
        <translation>フォームの操作をやり直す</translation>
    </message>
    <message>
        <source>All settings as they come</source>
        <translation>すべての設定を初期値に戻す</translation>
    </message>
    <message>
        <source>See all analyses</source>
        <translation>すべての解析を見る</translation>
    </message>
    <message>
        <source>This analysis is not offered here</source>
        <translation>この解析はここでは使えません</translation>
    </message>
    <message>
        <source>The server new work goes to does not have it. Another server may, or another version.</source>
        <translation>現在の送信先サーバーにはこの解析がありません。別のサーバーか別のバージョンにはあるかもしれません。</translation>
    </message>
    <message>
        <source>Waiting for the server</source>
        <translation>サーバーを待っています</translation>
    </message>
    <message>
        <source>The form appears as soon as the server says what it offers.</source>
        <translation>サーバーが提供する解析が分かりしだい、フォームを表示します。</translation>
    </message>
    <message>
        <source>With these settings the run would stop</source>
        <translation>この設定では実行が途中で止まります</translation>
    </message>
    <message>
        <source>Ready to run</source>
        <translation>実行できます</translation>
    </message>
    <message numerus="yes">
        <source>%Ln setting(s) still to be filled in or put right</source>
        <translation>
            <numerusform>入力または修正が必要な設定が %Ln 件あります</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>{0}: {1} ({2})</source>
        <translation>{0}：{1} 個（{2}）</translation>
    </message>
    <message>
        <source>Changed under Advanced: {0}</source>
        <translation>詳細設定の変更：{0}</translation>
    </message>
    <message>
        <source>The server is away now. The run is kept and sent when it answers.</source>
        <translation>サーバーに接続できません。実行内容は保管され、応答がありしだい送信されます。</translation>
    </message>
    <message>
        <source>All places are busy; it will be queued behind {0}.</source>
        <translation>すべて使用中です。{0} 件の後に実行されます。</translation>
    </message>
    <message>
        <source>All places are busy; it begins when one is free.</source>
        <translation>実行枠はすべて使用中です。空きしだい始まります。</translation>
    </message>
    <message>
        <source>{0} and {1} more</source>
        <translation>{0}、ほか {1} 件</translation>
    </message>
    <message>
        <source>{0}: {1} files ({2})</source>
        <translation>{0}：{1} ファイル（{2}）</translation>
    </message>
    <message>
        <source>{0}: more than {1} rows, all of them used</source>
        <translation>{0}：{1} 行以上（すべて使います）</translation>
    </message>
    <message>
        <source>{0} of {1} rows have no value in {2}.</source>
        <translation>{1} 行のうち {0} 行は {2} に値がありません。</translation>
    </message>
</context>
<context>
    <name>App</name>
    <message>
        <source>ZeroSec ended unexpectedly last time</source>
        <translation>前回、ZeroSec が予期せず終了しました</translation>
    </message>
    <message>
        <source>What you had submitted goes on, and an unfinished form is restored where it was.</source>
        <translation>送信済みの実行は続いています。入力途中のフォームは元の場所に復元されます。</translation>
    </message>
    <message>
        <source>If it happens again, send the details to whoever looks after ZeroSec.</source>
        <translation>また起きた場合は、詳細を ZeroSec の管理者に送ってください。</translation>
    </message>
    <message>
        <source>Your settings could not be read</source>
        <translation>設定を読めませんでした</translation>
    </message>
    <message>
        <source>The file was kept as {name}, and ZeroSec started with its defaults.</source>
        <translation>ファイルは {name} として残し、初期設定で起動しました。</translation>
    </message>
</context>
<context>
    <name>BackupsPanel</name>
    <message>
        <source>Back up now</source>
        <translation>DBバックアップ作成</translation>
    </message>
    <message>
        <source>The server makes a backup every day on which results have changed: the last 30 days and 12 months are kept.</source>
        <translation>結果が変わった日には、サーバーが毎日バックアップを作ります。直近 30 日分と 12 か月分を保存します。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln experiment(s)</source>
        <translation>
            <numerusform>%Ln 件の実験</numerusform>
        </translation>
    </message>
    <message>
        <source>Restore…</source>
        <translation>復元…</translation>
    </message>
    <message>
        <source>A backup is being made…</source>
        <translation>バックアップを作成しています…</translation>
    </message>
    <message>
        <source>Restore the backup of {when}?</source>
        <translation>{when} のバックアップを復元しますか？</translation>
    </message>
    <message>
        <source>All results become what they were then. What is there now is backed up first, and the restore can be undone under History.</source>
        <translation>すべての結果がその時点の状態に戻ります。現在の内容は先にバックアップされ、復元は「履歴」から取り消せます。</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>復元</translation>
    </message>
</context>
<context>
    <name>Bell</name>
    <message numerus="yes">
        <source>%Ln unread notification(s)</source>
        <translation>
            <numerusform>%Ln 件の未読の通知</numerusform>
        </translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>通知</translation>
    </message>
</context>
<context>
    <name>CandidatesStep</name>
    <message>
        <source>Read a file</source>
        <translation>ファイルを読み込む</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>ファイルを選ぶ…</translation>
    </message>
    <message>
        <source>or drop a list of candidates here. A file of results is recognised and led to its own step.</source>
        <translation>または候補サンプルをここにドロップしてください。結果のファイルは自動で見分け、結果の手順へ案内します。</translation>
    </message>
    <message>
        <source>How its columns were understood</source>
        <translation>列の読み取り方</translation>
    </message>
    <message>
        <source>Candidates</source>
        <translation>候補サンプル</translation>
    </message>
    <message>
        <source>The candidates a design chooses from</source>
        <translation>計画の対象になる候補サンプル</translation>
    </message>
    <message>
        <source>No candidates yet</source>
        <translation>候補サンプルはまだありません</translation>
    </message>
    <message>
        <source>Make the combination table under Parameters, or read a list of your own: one row a run that can be made.</source>
        <translation>「パラメータ」で組合せ表を作るか、お手持ちの一覧を読み込んでください。1 行が実施できる 1 実験です。</translation>
    </message>
    <message>
        <source>Choose candidates</source>
        <translation>候補サンプルを選ぶ</translation>
    </message>
    <message>
        <source>Tables ({endings})</source>
        <translation>表 ({endings})</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Reading {name}…</source>
        <translation>{name} を読み込んでいます…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>もう一度試す</translation>
    </message>
    <message>
        <source>{name} is neither a list of candidates nor results</source>
        <translation>{name} は候補サンプルでも結果でもありません</translation>
    </message>
    <message>
        <source>To the results</source>
        <translation>結果へ</translation>
    </message>
    <message>
        <source>Its responses have values. Import it under Results; the list of candidates stays as it is.</source>
        <translation>応答の列に値があります。「結果」で取り込んでください。候補サンプルはそのまま残ります。</translation>
    </message>
    <message>
        <source>{name} holds results</source>
        <translation>{name} は結果のファイルです</translation>
    </message>
    <message>
        <source>No candidate is left in {name}</source>
        <translation>{name} に候補サンプルが残っていません</translation>
    </message>
    <message>
        <source>To the design</source>
        <translation>実験計画へ</translation>
    </message>
    <message>
        <source>Only the first {rows} rows were read.</source>
        <translation>先頭の {rows} 行だけを読み込みました。</translation>
    </message>
    <message>
        <source>{name} is a list of candidates</source>
        <translation>{name} は候補サンプルです</translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) were tested already and left out</source>
        <translation>
            <numerusform>実験済みの %Ln 行を除きました</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) break a rule of the profile and were left out</source>
        <translation>
            <numerusform>プロファイルの規則に反する %Ln 行を除きました</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) have an empty setting and were left out</source>
        <translation>
            <numerusform>設定値が空欄の %Ln 行を除きました</numerusform>
        </translation>
    </message>
    <message>
        <source>Neither the list nor the series says {columns}: rows tested with any of their values count as tested</source>
        <translation>{columns} は一覧にも共通の値にもありません。値を問わず、一度でも実験した行は実験済みとみなします</translation>
    </message>
    <message>
        <source>{left} of {listed} rows</source>
        <translation>{listed} 行のうち {left} 行</translation>
    </message>
    <message>
        <source>The first {count} are shown</source>
        <translation>先頭の {count} 件を表示しています</translation>
    </message>
    <message>
        <source>Planned without a list, over the ranges of the variables</source>
        <translation>一覧を作らず、変数の範囲から直接計画します</translation>
    </message>
</context>
<context>
    <name>CatalogueScreen</name>
    <message>
        <source>Find an analysis</source>
        <translation>解析を探す</translation>
    </message>
    <message>
        <source>Analyses</source>
        <translation>解析</translation>
    </message>
    <message>
        <source>No analysis fits</source>
        <translation>当てはまる解析がありません</translation>
    </message>
    <message>
        <source>Look for another word.</source>
        <translation>別の言葉で探してください。</translation>
    </message>
    <message>
        <source>The list is on its way</source>
        <translation>一覧を読み込んでいます</translation>
    </message>
    <message>
        <source>It appears as soon as the server answers.</source>
        <translation>サーバーが応答すると表示されます。</translation>
    </message>
    <message>
        <source>Needs: {what}</source>
        <translation>必要なもの：{what}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>開始</translation>
    </message>
    <message>
        <source>Start {name}</source>
        <translation>{name} を開始</translation>
    </message>
    <message>
        <source>Try an example</source>
        <translation>例を試す</translation>
    </message>
</context>
<context>
    <name>Cells</name>
    <message>
        <source>State</source>
        <translation>状態</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Analysis</source>
        <translation>解析</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>進捗</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>段階</translation>
    </message>
    <message>
        <source>Elapsed</source>
        <translation>経過時間</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>残り時間</translation>
    </message>
    <message>
        <source>Submitted</source>
        <translation>送信日時</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>実行先</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>所有者</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>Attempt</source>
        <translation>試行回数</translation>
    </message>
</context>
<context>
    <name>ChangedFile</name>
    <message>
        <source>Read it again</source>
        <translation>読み直す</translation>
    </message>
    <message>
        <source>The file has changed since it was read</source>
        <translation>読み込んだ後にファイルが変更されました</translation>
    </message>
    <message>
        <source>The disk or share of the file does not answer</source>
        <translation>ファイルのディスクまたは共有フォルダーが応答しません</translation>
    </message>
    <message>
        <source>The file is not there any more</source>
        <translation>ファイルが見つかりません</translation>
    </message>
    <message>
        <source>What you see is how it was. An analysis needs the file itself.</source>
        <translation>表示は読み込んだ時点の内容です。解析にはファイル本体が必要です。</translation>
    </message>
</context>
<context>
    <name>CheckPane</name>
    <message>
        <source>What the analysis says</source>
        <translation>解析からの説明</translation>
    </message>
    <message>
        <source>Checking with the data…</source>
        <translation>データで確認しています…</translation>
    </message>
    <message>
        <source>The file is large; what would happen with it is checked when you ask.</source>
        <translation>ファイルが大きいため、実行内容の確認は指示があったときだけ行います。</translation>
    </message>
    <message>
        <source>Check now</source>
        <translation>今すぐ確認</translation>
    </message>
    <message>
        <source>Check now what would happen</source>
        <translation>実行すると何が起こるかを今すぐ確認</translation>
    </message>
    <message>
        <source>The run would stop: {0}</source>
        <translation>この実行は止まります：{0}</translation>
    </message>
    <message>
        <source>{0}: {1} lines, below the settings</source>
        <translation>{0}：{1} 行（設定の下に示しています）</translation>
    </message>
</context>
<context>
    <name>CheckTables</name>
    <message>
        <source>What the analysis says, in full</source>
        <translation>解析からの説明（全文）</translation>
    </message>
    <message>
        <source>… and {0} more</source>
        <translation>…ほか {0} 行</translation>
    </message>
</context>
<context>
    <name>ChoiceEditor</name>
    <message>
        <source>not set</source>
        <translation>指定なし</translation>
    </message>
</context>
<context>
    <name>ChosenRuns</name>
    <message>
        <source>Make their lab sheet</source>
        <translation>この行の実験リストを作る</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>今はしない</translation>
    </message>
    <message>
        <source>The project&apos;s profile says which of their columns a run is made with. If they belong to another project, choose it above first.</source>
        <translation>どの列が実験条件かは、プロジェクトのプロファイルで決まります。別のプロジェクトのものなら、先に上で選んでください。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) chosen in a result, for “{0}”</source>
        <translation>
            <numerusform>結果で選んだ %Ln 行（「{0}」用）</numerusform>
        </translation>
    </message>
    <message>
        <source>It is being made…</source>
        <translation>作成中です…</translation>
    </message>
    <message>
        <source>Making the lab sheet…</source>
        <translation>実験リストを作っています…</translation>
    </message>
</context>
<context>
    <name>ColumnDetail</name>
    <message>
        <source>The chosen column</source>
        <translation>選んだ列</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>As it is written in ZeroSec&apos;s own files.</source>
        <translation>ZeroSec が書き出すファイルでの名前です。</translation>
    </message>
    <message>
        <source>Other names</source>
        <translation>別名</translation>
    </message>
    <message>
        <source>In users&apos; files, any language; commas between.</source>
        <translation>利用者のファイルでの名前。言語は問いません。カンマで区切ります。</translation>
    </message>
    <message>
        <source>On screen, English</source>
        <translation>画面での表示（英語）</translation>
    </message>
    <message>
        <source>On screen, Japanese</source>
        <translation>画面での表示（日本語）</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>単位</translation>
    </message>
    <message>
        <source>Offered value</source>
        <translation>初期値</translation>
    </message>
    <message>
        <source>Allowed values</source>
        <translation>使える値</translation>
    </message>
    <message>
        <source>Commas between; empty: any.</source>
        <translation>カンマで区切ります。空なら制限なし。</translation>
    </message>
    <message>
        <source>Minimum</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>間隔</translation>
    </message>
    <message>
        <source>Needed</source>
        <translation>必須</translation>
    </message>
    <message>
        <source>A table without it is neither candidates nor results.</source>
        <translation>この列がない表は、候補サンプルとも結果とも見なしません。</translation>
    </message>
    <message>
        <source>Tells experiments apart</source>
        <translation>実験を区別する</translation>
    </message>
    <message>
        <source>Worked out by a formula</source>
        <translation>数式で計算する</translation>
    </message>
    <message>
        <source>From columns that have no formula themselves; empty: it is measured or set.</source>
        <translation>数式を持たない列から計算します。空なら測定値または設定値です。</translation>
    </message>
    <message>
        <source>numbers</source>
        <translation>数値</translation>
    </message>
    <message>
        <source>whole numbers</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>texts</source>
        <translation>文字列</translation>
    </message>
    <message>
        <source>numbers or texts</source>
        <translation>数値または文字列</translation>
    </message>
    <message>
        <source>dates</source>
        <translation>日付</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>役割</translation>
    </message>
    <message>
        <source>Holds</source>
        <translation>値の種類</translation>
    </message>
    <message>
        <source>Please look twice: {why}</source>
        <translation>ご確認ください：{why}</translation>
    </message>
    <message>
        <source>Why this role: {why}</source>
        <translation>この役割の理由：{why}</translation>
    </message>
    <message>
        <source>Its role decides that</source>
        <translation>役割によって決まります</translation>
    </message>
    <message>
        <source>Only numbers have a range</source>
        <translation>範囲を指定できるのは数値だけです</translation>
    </message>
    <message>
        <source>A one-hot column holds 0 or 1</source>
        <translation>ワンホット列の値は 0 か 1 です</translation>
    </message>
    <message>
        <source>A column that is worked out is neither needed nor tells experiments apart</source>
        <translation>数式で計算する列は、必須にも実験の区別にも使えません</translation>
    </message>
    <message>
        <source>What is measured, or not used, tells no experiments apart</source>
        <translation>測定値や使わない列では実験を区別できません</translation>
    </message>
    <message>
        <source>Set on purpose, and varied by designs.</source>
        <translation>意図して設定し、実験計画で変える列です。</translation>
    </message>
    <message>
        <source>A setting of a few kinds, varied by designs.</source>
        <translation>数種類から選ぶ設定で、実験計画で変える列です。</translation>
    </message>
    <message>
        <source>One of several columns of which exactly one is 1.</source>
        <translation>複数の列のうち 1 つだけが 1 になる列です。</translation>
    </message>
    <message>
        <source>Held for a whole series: a workpiece, a diameter.</source>
        <translation>一連の実験で一定に保つ条件です（材料、直径など）。</translation>
    </message>
    <message>
        <source>Measured: what models explain.</source>
        <translation>測定する値で、モデルで説明する列です。</translation>
    </message>
    <message>
        <source>The number of a run.</source>
        <translation>実験の番号です。</translation>
    </message>
    <message>
        <source>The day of the experiment.</source>
        <translation>実験した日です。</translation>
    </message>
    <message>
        <source>A day, a batch or a machine that is allowed for.</source>
        <translation>日、バッチ、装置など、違いを考慮するための列です。</translation>
    </message>
    <message>
        <source>Not kept with the results.</source>
        <translation>結果には保存しません。</translation>
    </message>
</context>
<context>
    <name>ColumnEditor</name>
    <message>
        <source>Choose or type a column</source>
        <translation>列を選ぶか入力してください</translation>
    </message>
    <message>
        <source>none</source>
        <translation>なし</translation>
    </message>
</context>
<context>
    <name>ColumnPane</name>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Click a column to see what is in it. A second click on its heading sorts.</source>
        <translation>列をクリックすると内容が表示されます。見出しをもう一度クリックすると並べ替えます。</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>集計中…</translation>
    </message>
    <message>
        <source>Commonest values</source>
        <translation>多い値</translation>
    </message>
    <message>
        <source>Read this column as</source>
        <translation>この列の読み方</translation>
    </message>
    <message>
        <source>By its values</source>
        <translation>値に応じて</translation>
    </message>
    <message>
        <source>Always text</source>
        <translation>常に文字列</translation>
    </message>
    <message>
        <source>Always numbers</source>
        <translation>常に数値</translation>
    </message>
    <message>
        <source>Always dates</source>
        <translation>常に日付</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行数</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>欠損</translation>
    </message>
    <message>
        <source>Different values</source>
        <translation>異なる値</translation>
    </message>
    <message>
        <source>Smallest</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>Largest</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>Median</source>
        <translation>中央値</translation>
    </message>
    <message>
        <source>Standard deviation</source>
        <translation>標準偏差</translation>
    </message>
    <message>
        <source>“{0}” means no value</source>
        <translation>「{0}」は値なしとする</translation>
    </message>
    <message>
        <source>Read as text</source>
        <translation>文字として読みました</translation>
    </message>
    <message>
        <source>{0} values are numbers, but row {1} holds “{2}”.</source>
        <translation>{0} 個は数値ですが、{1} 行目に「{2}」があります。</translation>
    </message>
    <message>
        <source>Whole numbers</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>数値</translation>
    </message>
    <message>
        <source>Yes or no</source>
        <translation>はい・いいえ</translation>
    </message>
    <message>
        <source>Dates</source>
        <translation>日付</translation>
    </message>
    <message>
        <source>Dates and times</source>
        <translation>日時</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>No values</source>
        <translation>値なし</translation>
    </message>
</context>
<context>
    <name>ColumnsEditor</name>
    <message>
        <source>Search columns</source>
        <translation>列を検索</translation>
    </message>
    <message>
        <source>Columns of the file</source>
        <translation>ファイルの列</translation>
    </message>
    <message>
        <source>Chosen columns</source>
        <translation>選んだ列</translation>
    </message>
    <message>
        <source>Choose the marked columns (Enter)</source>
        <translation>印を付けた列を選ぶ (Enter)</translation>
    </message>
    <message>
        <source>Choose all that are shown</source>
        <translation>表示中の列をすべて選ぶ</translation>
    </message>
    <message>
        <source>Take the marked columns back (Enter)</source>
        <translation>印を付けた列を戻す (Enter)</translation>
    </message>
    <message>
        <source>The file has no such column.</source>
        <translation>ファイルにこの列はありません。</translation>
    </message>
    <message>
        <source>{0} chosen</source>
        <translation>{0} 個選択</translation>
    </message>
</context>
<context>
    <name>ColumnsTable</name>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>役割</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>単位</translation>
    </message>
    <message>
        <source>Allowed</source>
        <translation>使える値</translation>
    </message>
    <message>
        <source>Needed</source>
        <translation>必須</translation>
    </message>
    <message>
        <source>Tells apart</source>
        <translation>区別</translation>
    </message>
    <message>
        <source>Formula, or why this role</source>
        <translation>数式、または役割の理由</translation>
    </message>
</context>
<context>
    <name>CombinationPane</name>
    <message>
        <source>Plan without a list</source>
        <translation>一覧を作らずに計画する</translation>
    </message>
    <message>
        <source>The design is searched over the variables&apos; ranges (coordinate exchange); no list is made</source>
        <translation>変数の範囲から直接、計画を探します（座標交換法）。一覧は作りません</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>数えています…</translation>
    </message>
    <message>
        <source>As soon as a variable has levels, the number of combinations stands here.</source>
        <translation>変数に水準を入れると、ここに組合せの数が表示されます。</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>コマンドパレット</translation>
    </message>
    <message>
        <source>Find a command, an analysis, a run or a file</source>
        <translation>コマンド、解析、実行、ファイルを探す</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>検索</translation>
    </message>
    <message>
        <source>Nothing by that name</source>
        <translation>その名前のものはありません</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Go to</source>
        <translation>移動</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>ホーム</translation>
    </message>
    <message>
        <source>Experiments</source>
        <translation>実験</translation>
    </message>
    <message>
        <source>Analyses</source>
        <translation>解析</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>History</source>
        <translation>履歴</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>実行先</translation>
    </message>
    <message>
        <source>Programs</source>
        <translation>プログラム</translation>
    </message>
    <message>
        <source>References</source>
        <translation>参照データ</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Go to {place}</source>
        <translation>{place}へ移動</translation>
    </message>
    <message>
        <source>Do</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Open a file…</source>
        <translation>ファイルを開く…</translation>
    </message>
    <message>
        <source>Show notifications</source>
        <translation>通知を表示</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>明るいテーマ</translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation>暗いテーマ</translation>
    </message>
    <message>
        <source>Follow the system&apos;s theme</source>
        <translation>システムのテーマに従う</translation>
    </message>
    <message>
        <source>Language: English</source>
        <translation>言語：英語</translation>
    </message>
    <message>
        <source>Language: Japanese</source>
        <translation>言語：日本語</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>終了</translation>
    </message>
    <message>
        <source>Analysis</source>
        <translation>解析</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>File</source>
        <translation>ファイル</translation>
    </message>
</context>
<context>
    <name>CompareScreen</name>
    <message>
        <source>Only what differs</source>
        <translation>違いだけを表示</translation>
    </message>
    <message>
        <source>Compare two runs</source>
        <translation>2 つの実行を比べる</translation>
    </message>
    <message>
        <source>Reading both runs</source>
        <translation>両方の実行を読み込んでいます</translation>
    </message>
    <message>
        <source>Analysis version</source>
        <translation>解析のバージョン</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>数値</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>データ</translation>
    </message>
    <message>
        <source>Computed with</source>
        <translation>計算環境</translation>
    </message>
    <message>
        <source>first attempt</source>
        <translation>1 回目</translation>
    </message>
    <message>
        <source>second attempt</source>
        <translation>2 回目</translation>
    </message>
    <message>
        <source>The rows of “{0}” were not compared</source>
        <translation>「{0}」の行は比較されませんでした</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>the same in both</source>
        <translation>両方とも同じ</translation>
    </message>
    <message>
        <source>{0} differ</source>
        <translation>{0} 項目が異なる</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差</translation>
    </message>
    <message>
        <source>different</source>
        <translation>異なる</translation>
    </message>
    <message>
        <source>the same file, read differently</source>
        <translation>同じファイル（読み方が異なる）</translation>
    </message>
    <message>
        <source>Found in</source>
        <translation>あるもの</translation>
    </message>
    <message>
        <source>both</source>
        <translation>両方</translation>
    </message>
    <message>
        <source>only {0}</source>
        <translation>{0} のみ</translation>
    </message>
    <message>
        <source>{0} in both, {1} of them with other numbers; {2} only in “{3}”, {4} only in “{5}”.</source>
        <translation>両方に {0} 件（うち {1} 件は数値が異なる）、「{3}」のみ {2} 件、「{5}」のみ {4} 件。</translation>
    </message>
    <message>
        <source>{0} is another in each, and was not compared.</source>
        <translation>{0} はそれぞれ異なるため、比較には使っていません。</translation>
    </message>
</context>
<context>
    <name>ConditionsBox</name>
    <message>
        <source>Conditions</source>
        <translation>条件</translation>
    </message>
    <message>
        <source>Keep only</source>
        <translation>残す条件</translation>
    </message>
    <message>
        <source>Forbidden combinations</source>
        <translation>禁止する組合せ</translation>
    </message>
    <message>
        <source>One formula a line.</source>
        <translation>1 行に 1 つの式を書きます。</translation>
    </message>
</context>
<context>
    <name>Counters</name>
    <message>
        <source>target {0} of {1}</source>
        <translation>目的変数 {0}／{1}</translation>
    </message>
    <message>
        <source>fold {0} of {1}</source>
        <translation>分割 {0}／{1}</translation>
    </message>
    <message>
        <source>trial {0} of {1}</source>
        <translation>試行 {0}／{1}</translation>
    </message>
    <message>
        <source>sample {0} of {1}</source>
        <translation>試料 {0}／{1}</translation>
    </message>
    <message>
        <source>{0} rows a second</source>
        <translation>毎秒 {0} 行</translation>
    </message>
    <message>
        <source>{0} s a trial</source>
        <translation>1 試行 {0} 秒</translation>
    </message>
    <message>
        <source>best RMSE {0}</source>
        <translation>最良の RMSE {0}</translation>
    </message>
    <message>
        <source>best log loss {0}</source>
        <translation>最良の対数損失 {0}</translation>
    </message>
    <message>
        <source>best so far {0}</source>
        <translation>これまでの最良 {0}</translation>
    </message>
    <message>
        <source>generation {0}</source>
        <translation>第 {0} 世代</translation>
    </message>
    <message>
        <source>{0} in the set</source>
        <translation>集合に {0} 個</translation>
    </message>
    <message>
        <source>R-hat {0}</source>
        <translation>R-hat {0}</translation>
    </message>
    <message>
        <source>effective size {0}</source>
        <translation>有効標本サイズ {0}</translation>
    </message>
</context>
<context>
    <name>DefaultRows</name>
    <message>
        <source>These are the candidates of {project} that were not tested yet: {rows}. Choose another file to predict others.</source>
        <translation>これは {project} のまだ試験していない候補 {rows}です。ほかの行を予測するには、別のファイルを選んでください。</translation>
    </message>
</context>
<context>
    <name>DesignComparison</name>
    <message>
        <source>Designs side by side</source>
        <translation>計画の比較</translation>
    </message>
</context>
<context>
    <name>DesignForm</name>
    <message>
        <source>Find this design</source>
        <translation>この計画を探す</translation>
    </message>
</context>
<context>
    <name>DesignRow</name>
    <message>
        <source>Compare this design</source>
        <translation>この計画を比較する</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>採用</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>表示</translation>
    </message>
    <message>
        <source>Take off the list</source>
        <translation>一覧から外す</translation>
    </message>
    <message>
        <source>Best so far: {best}</source>
        <translation>これまでの最良値：{best}</translation>
    </message>
    <message>
        <source>Asking for the design…</source>
        <translation>計画を取得しています…</translation>
    </message>
</context>
<context>
    <name>DesignStep</name>
    <message>
        <source>Find a design</source>
        <translation>計画を探す</translation>
    </message>
    <message>
        <source>Sample size ({fewest}-{most})</source>
        <translation>サンプルサイズ ({fewest}-{most})</translation>
    </message>
    <message>
        <source>Run D-optimal design</source>
        <translation>D最適化を実行</translation>
    </message>
    <message>
        <source>Run I-optimal design</source>
        <translation>I最適化を実行</translation>
    </message>
    <message>
        <source>More…</source>
        <translation>詳細…</translation>
    </message>
    <message>
        <source>Designs of this project</source>
        <translation>このプロジェクトの計画</translation>
    </message>
    <message>
        <source>No design yet</source>
        <translation>計画はまだありません</translation>
    </message>
    <message>
        <source>A design chooses, among all that could be run, the few runs that teach the most.</source>
        <translation>実施できるすべての実験の中から、最も多くを学べる少数の実験を選びます。</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Accept it: make the lab sheet</source>
        <translation>採用して実験リストを作る</translation>
    </message>
    <message>
        <source>NG</source>
        <translation>NG</translation>
    </message>
    <message>
        <source>Not this one: take it off the list</source>
        <translation>採用せず、一覧から外す</translation>
    </message>
    <message>
        <source>This server does not offer the optimal design.</source>
        <translation>このサーバーには最適計画がありません。</translation>
    </message>
    <message>
        <source>First choose or make a list of candidates.</source>
        <translation>先に候補サンプルを選ぶか作ってください。</translation>
    </message>
    <message numerus="yes">
        <source>Without a list, over the ranges of %Ln variable(s); the profile&apos;s rules are respected.</source>
        <translation>
            <numerusform>一覧を作らず、%Ln 個の変数の範囲から探します。プロファイルの条件も守ります。</numerusform>
        </translation>
    </message>
    <message>
        <source>From {name}, without what was tested already.</source>
        <translation>{name} から、実験済みの行を除いて選びます。</translation>
    </message>
    <message>
        <source>Reading the candidates…</source>
        <translation>候補サンプルを読み込んでいます…</translation>
    </message>
    <message numerus="yes">
        <source>{criterion} design, %Ln run(s)</source>
        <translation>
            <numerusform>{criterion}最適計画、%Ln 件</numerusform>
        </translation>
    </message>
    <message>
        <source>At most four designs are compared</source>
        <translation>比較できる計画は 4 つまでです</translation>
    </message>
    <message>
        <source>Compare this design</source>
        <translation>この計画を比較する</translation>
    </message>
    <message>
        <source>Making the lab sheet…</source>
        <translation>実験リストを作っています…</translation>
    </message>
    <message>
        <source>It goes into the project&apos;s folder with the figures.</source>
        <translation>図とともにプロジェクトのフォルダーに入ります。</translation>
    </message>
    <message>
        <source>To the lab sheet</source>
        <translation>実験リストへ</translation>
    </message>
    <message>
        <source>Accepted: the lab sheet is made</source>
        <translation>採用しました。実験リストができています</translation>
    </message>
</context>
<context>
    <name>DetailsPane</name>
    <message>
        <source>Close the details</source>
        <translation>詳細を閉じる</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>進捗</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>Stop and keep the best</source>
        <translation>止めて最良のものを残す</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Run again</source>
        <translation>再実行</translation>
    </message>
    <message>
        <source>Change and run</source>
        <translation>変更して実行</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概要</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>ログ</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>イベント</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>入力</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>環境</translation>
    </message>
    <message>
        <source>Analysis</source>
        <translation>解析</translation>
    </message>
    <message>
        <source>Read as</source>
        <translation>読み方</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>残り {time}</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>段階</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>結果</translation>
    </message>
    <message>
        <source>Doing</source>
        <translation>作業</translation>
    </message>
    <message>
        <source>So far</source>
        <translation>ここまで</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>実行先</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>所有者</translation>
    </message>
    <message>
        <source>Submitted</source>
        <translation>送信日時</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>開始日時</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>終了日時</translation>
    </message>
    <message>
        <source>Attempt</source>
        <translation>試行回数</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>ジョブ</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>No progress for {time}</source>
        <translation>{time} 進捗がありません</translation>
    </message>
    <message>
        <source>The worker is alive: some steps take long without a word.</source>
        <translation>処理は動いています。報告なしに長くかかる段階もあります。</translation>
    </message>
</context>
<context>
    <name>DetailsTab</name>
    <message>
        <source>yes</source>
        <translation>はい</translation>
    </message>
    <message>
        <source>no</source>
        <translation>いいえ</translation>
    </message>
    <message>
        <source>This job</source>
        <translation>このジョブ</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>データ</translation>
    </message>
    <message>
        <source>Computed with</source>
        <translation>計算環境</translation>
    </message>
    <message>
        <source>Programs it ran</source>
        <translation>実行したプログラム</translation>
    </message>
    <message>
        <source>Submitted</source>
        <translation>送信</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>開始</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>終了</translation>
    </message>
    <message>
        <source>Analysis</source>
        <translation>解析</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>所有者</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>ジョブ</translation>
    </message>
    <message>
        <source>{0} of step {1}, job {2}</source>
        <translation>ステップ {1}（ジョブ {2}）の {0}</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>All files (*)</source>
        <translation>すべてのファイル (*)</translation>
    </message>
    <message>
        <source>Folder:</source>
        <translation>フォルダー：</translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>ファイル名：</translation>
    </message>
    <message>
        <source>Kind:</source>
        <translation>種類：</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
</context>
<context>
    <name>DoneChoice</name>
    <message>
        <source>Runs already done</source>
        <translation>実施済みの実験</translation>
    </message>
    <message>
        <source>Another file…</source>
        <translation>別のファイル…</translation>
    </message>
    <message>
        <source>are not counted: a design of its own</source>
        <translation>考慮しない（新しい計画）</translation>
    </message>
    <message numerus="yes">
        <source>%Ln experiment(s) of this project: complete them</source>
        <translation>
            <numerusform>このプロジェクトの %Ln 件を補う</numerusform>
        </translation>
    </message>
    <message>
        <source>those of {name}: complete them</source>
        <translation>{name} の実験を補う</translation>
    </message>
    <message>
        <source>those of a file…</source>
        <translation>ファイルの実験を補う…</translation>
    </message>
    <message>
        <source>The new runs are chosen to complete those that were done, which count as rows that stand.</source>
        <translation>実施済みの実験を固定の行として扱い、それを補う実験を選びます。</translation>
    </message>
    <message>
        <source>Choose runs already done</source>
        <translation>実施済みの実験を選ぶ</translation>
    </message>
    <message>
        <source>Tables ({endings})</source>
        <translation>表 ({endings})</translation>
    </message>
    <message numerus="yes">
        <source>%Ln run(s) already done are completed</source>
        <translation>
            <numerusform>実施済みの %Ln 件を補う計画です</numerusform>
        </translation>
    </message>
    <message>
        <source>No run already done can be completed: the design stands by itself</source>
        <translation>補える実施済みの実験がないため、新しい計画として探します</translation>
    </message>
    <message numerus="yes">
        <source>%Ln run(s) were made under other conditions</source>
        <translation>
            <numerusform>%Ln 件は条件が異なるため数えません</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln run(s) lack one of the settings</source>
        <translation>
            <numerusform>%Ln 件は設定の値が欠けているため数えません</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DropCard</name>
    <message>
        <source>Choose a file…</source>
        <translation>ファイルを選ぶ…</translation>
    </message>
    <message>
        <source>Drop a data file anywhere in this window</source>
        <translation>データファイルをこのウィンドウにドロップ</translation>
    </message>
    <message>
        <source>A table with one measurement a row and the names of its columns on top.</source>
        <translation>1 行に 1 件の測定、先頭の行に列名がある表です。</translation>
    </message>
    <message>
        <source>CSV, Excel, OpenDocument or Parquet</source>
        <translation>CSV、Excel、OpenDocument、Parquet</translation>
    </message>
    <message>
        <source>or press Ctrl+O</source>
        <translation>または Ctrl+O</translation>
    </message>
</context>
<context>
    <name>Dropping</name>
    <message>
        <source>That is not a file</source>
        <translation>ファイルではありません</translation>
    </message>
    <message>
        <source>Files are needed, not folders; what was dropped stays out.</source>
        <translation>必要なのはファイルです。フォルダーは取り込みません。</translation>
    </message>
    <message>
        <source>“{0}” takes one file: {1}, instead of {2}.</source>
        <translation>「{0}」に入れられるのは 1 個です：{2} に代えて {1} を入れました。</translation>
    </message>
    <message>
        <source>“{0}”: {1}, beside what was there.</source>
        <translation>「{0}」：すでにあったファイルに {1} を加えました。</translation>
    </message>
    <message>
        <source>“{0}”: {1}.</source>
        <translation>「{0}」：{1}。</translation>
    </message>
    <message>
        <source>Folders stay out.</source>
        <translation>フォルダーは取り込みません。</translation>
    </message>
    <message>
        <source>{0} of {1} were taken</source>
        <translation>{1} 個のうち {0} 個を受け取りました</translation>
    </message>
    <message>
        <source>Where the files went</source>
        <translation>ファイルの入れ先</translation>
    </message>
</context>
<context>
    <name>EndedBadly</name>
    <message>
        <source>Change and run again</source>
        <translation>変更して再実行</translation>
    </message>
    <message>
        <source>Run again as it is</source>
        <translation>そのまま再実行</translation>
    </message>
    <message>
        <source>Look at the log</source>
        <translation>ログを見る</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>詳細</translation>
    </message>
    <message>
        <source>This run did not begin</source>
        <translation>この実行は始まりませんでした</translation>
    </message>
    <message>
        <source>This run was cancelled</source>
        <translation>この実行は中止されました</translation>
    </message>
    <message>
        <source>It left no results. Its settings and data are kept, so it can be run again.</source>
        <translation>結果はありません。設定とデータは残っているので、もう一度実行できます。</translation>
    </message>
    <message>
        <source>For whoever looks after the server: code {code}, job {job}</source>
        <translation>サーバーの管理者向け：コード {code}、ジョブ {job}</translation>
    </message>
</context>
<context>
    <name>Examples</name>
    <message>
        <source>Penguins of three species</source>
        <translation>3 種のペンギン</translation>
    </message>
    <message>
        <source>344 birds, 8 columns, some values missing · Palmer Station, CC0</source>
        <translation>344 羽、8 列、一部欠損 · パーマー基地、CC0</translation>
    </message>
    <message>
        <source>Penguins, in Japanese</source>
        <translation>ペンギン（日本語版）</translation>
    </message>
    <message>
        <source>The same 344 birds with Japanese headings · Shift-JIS, semicolons</source>
        <translation>同じ 344 羽、列名は日本語 · Shift-JIS、セミコロン区切り</translation>
    </message>
    <message>
        <source>Longley and Norris, by NIST</source>
        <translation>NIST の Longley と Norris</translation>
    </message>
    <message>
        <source>Two sheets with certified coefficients · Excel, public domain</source>
        <translation>保証された係数を持つ 2 枚のシート · Excel、パブリックドメイン</translation>
    </message>
    <message>
        <source>Filip, by NIST</source>
        <translation>NIST の Filip</translation>
    </message>
    <message>
        <source>82 rows, a polynomial of degree 10: a test of accuracy · public domain</source>
        <translation>82 行、10 次多項式：計算精度の試験 · パブリックドメイン</translation>
    </message>
    <message>
        <source>Causes of neonatal deaths in Mozambique</source>
        <translation>モザンビークの新生児の死因</translation>
    </message>
    <message>
        <source>1,190 deaths by three verbal-autopsy algorithms · COMSA, MIT licence</source>
        <translation>3 つの口頭剖検アルゴリズムによる 1,190 件の死亡 · COMSA、MIT ライセンス</translation>
    </message>
    <message>
        <source>Causes of deaths of children in Mozambique</source>
        <translation>モザンビークの小児の死因</translation>
    </message>
    <message>
        <source>2,798 deaths by three verbal-autopsy algorithms · COMSA, MIT licence</source>
        <translation>3 つの口頭剖検アルゴリズムによる 2,798 件の死亡 · COMSA、MIT ライセンス</translation>
    </message>
    <message>
        <source>Breast masses, benign or malignant</source>
        <translation>乳房のしこり：良性か悪性か</translation>
    </message>
    <message>
        <source>569 masses, ten measurements of their cell nuclei · UCI, CC BY 4.0</source>
        <translation>569 例、細胞核の 10 項目の測定値 · UCI、CC BY 4.0</translation>
    </message>
    <message>
        <source>Deburring: seven factors and four brushes</source>
        <translation>バリ取り：7 因子と 4 種のブラシ</translation>
    </message>
    <message>
        <source>A parameter sheet: least, greatest and step of each factor · Excel</source>
        <translation>パラメータシート：因子ごとの最小・最大・刻み · Excel</translation>
    </message>
    <message>
        <source>Sequencing reads with known sites</source>
        <translation>挿入部位が既知のシーケンスリード</translation>
    </message>
    <message>
        <source>About 1,000 read pairs of each sample, genome, genes, a spike-in · simulated</source>
        <translation>各試料約 1,000 リードペア、ゲノム、遺伝子、スパイクイン · シミュレーション</translation>
    </message>
    <message>
        <source>An example file</source>
        <translation>例のファイル</translation>
    </message>
</context>
<context>
    <name>Experiments</name>
    <message>
        <source>Daily backup</source>
        <translation>毎日のバックアップ</translation>
    </message>
    <message>
        <source>Backup made by hand</source>
        <translation>手動のバックアップ</translation>
    </message>
    <message>
        <source>Made before a restore</source>
        <translation>復元前のバックアップ</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新規</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>変更</translation>
    </message>
    <message>
        <source>Identical</source>
        <translation>同一</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>取込不可</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>取り込み</translation>
    </message>
    <message>
        <source>Taken back: {file}</source>
        <translation>取り消し：{file}</translation>
    </message>
    <message>
        <source>Backup restored</source>
        <translation>バックアップを復元</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>パラメータ</translation>
    </message>
    <message>
        <source>Candidates</source>
        <translation>候補サンプル</translation>
    </message>
    <message>
        <source>Design</source>
        <translation>実験計画</translation>
    </message>
    <message>
        <source>Lab sheet</source>
        <translation>実験リスト</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>結果</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>データフィルター</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>{step} changed since: do this step again</source>
        <translation>「{step}」がその後変わりました。この手順をやり直してください</translation>
    </message>
    <message>
        <source>{name} holds no runs of this project&apos;s columns</source>
        <translation>{name} にはこのプロジェクトの実験がありません</translation>
    </message>
    <message>
        <source>First choose or make a list of candidates</source>
        <translation>先に候補サンプルを選ぶか作成してください</translation>
    </message>
    <message>
        <source>{name} is no list of candidates any more</source>
        <translation>{name} は候補サンプルではなくなっています</translation>
    </message>
    <message>
        <source>Read it again under Candidates to see why.</source>
        <translation>「候補サンプル」でもう一度読み込むと理由が分かります。</translation>
    </message>
    <message>
        <source>No candidate is left: all were tested, or are forbidden</source>
        <translation>候補サンプルが残っていません。すべて実験済みか、禁止されています</translation>
    </message>
    <message>
        <source>Look at them under Candidates.</source>
        <translation>「候補サンプル」で確認してください。</translation>
    </message>
    <message>
        <source>All candidates are alike: nothing varies</source>
        <translation>すべての候補サンプルが同じです。変わる列がありません</translation>
    </message>
    <message>
        <source>Give at least one variable two levels.</source>
        <translation>少なくとも 1 つの変数に 2 つの水準を与えてください。</translation>
    </message>
    <message>
        <source>First accept a design</source>
        <translation>先に実験計画を採用してください</translation>
    </message>
    <message>
        <source>First import results</source>
        <translation>先に結果を取り込んでください</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完了</translation>
    </message>
    <message>
        <source>Not done yet</source>
        <translation>未実施</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>手順</translation>
    </message>
    <message>
        <source>{column}: show everything</source>
        <translation>{column}：すべて表示</translation>
    </message>
    <message>
        <source>{count} missing</source>
        <translation>欠損 {count}</translation>
    </message>
    <message>
        <source>Minimum</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>This can be read as {readings}: write one of them.</source>
        <translation>{readings} のどちらにも読めます。どちらかの書き方にしてください。</translation>
    </message>
    <message>
        <source>“{text}” is not a number.</source>
        <translation>「{text}」は数値ではありません。</translation>
    </message>
    <message>
        <source>The minimum is above the maximum: no experiment can match.</source>
        <translation>最小が最大より大きいため、条件に合う実験はありません。</translation>
    </message>
    <message>
        <source>First day</source>
        <translation>開始日</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>終了日</translation>
    </message>
    <message>
        <source>“{text}” is no date; write it as 2025-10-29.</source>
        <translation>「{text}」は日付ではありません。2025-10-29 のように書いてください。</translation>
    </message>
    <message>
        <source>The first day is after the last: no experiment can match.</source>
        <translation>開始日が終了日より後のため、条件に合う実験はありません。</translation>
    </message>
    <message>
        <source>No experiment has “{value}”.</source>
        <translation>「{value}」の実験はありません。</translation>
    </message>
    <message>
        <source>{count} different values: write some, with commas between</source>
        <translation>{count} 種類の値があります。カンマで区切って書いてください</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>指標</translation>
    </message>
    <message>
        <source>Designs side by side</source>
        <translation>計画の比較</translation>
    </message>
    <message>
        <source>A variable has no name.</source>
        <translation>名前のない変数があります。</translation>
    </message>
    <message>
        <source>{name} stands twice.</source>
        <translation>{name} が 2 回あります。</translation>
    </message>
    <message>
        <source>the maximum is missing.</source>
        <translation>最大値がありません。</translation>
    </message>
    <message>
        <source>the minimum is missing.</source>
        <translation>最小値がありません。</translation>
    </message>
    <message>
        <source>a level stands twice.</source>
        <translation>同じ水準が 2 回あります。</translation>
    </message>
    <message>
        <source>the minimum {low} is above the maximum {high}.</source>
        <translation>最小値 {low} が最大値 {high} より大きくなっています。</translation>
    </message>
    <message>
        <source>the level {level} is not between {low} and {high}.</source>
        <translation>水準 {level} が {low} から {high} の範囲にありません。</translation>
    </message>
    <message>
        <source>the step is missing; levels such as 1, 2, 5 will do too.</source>
        <translation>間隔がありません。1, 2, 5 のような水準でもかまいません。</translation>
    </message>
    <message>
        <source>the step is {step}; it must be above zero.</source>
        <translation>間隔が {step} です。0 より大きくしてください。</translation>
    </message>
    <message>
        <source>The formula is empty.</source>
        <translation>数式が空です。</translation>
    </message>
    <message>
        <source>The profile has no title.</source>
        <translation>プロファイルに名称がありません。</translation>
    </message>
    <message>
        <source>The profile has no column.</source>
        <translation>プロファイルに列がありません。</translation>
    </message>
    <message>
        <source>No column tells one experiment from another: tick “tells experiments apart” for the settings.</source>
        <translation>実験を区別する列がありません。設定の列で「実験を区別する」にチェックを入れてください。</translation>
    </message>
    <message>
        <source>The name is missing.</source>
        <translation>名前がありません。</translation>
    </message>
    <message>
        <source>“{name}” stands more than once among the names and other names.</source>
        <translation>「{name}」が名前と別名の中で重複しています。</translation>
    </message>
    <message>
        <source>“{name}” is too long, or holds signs that cannot be seen.</source>
        <translation>「{name}」は長すぎるか、見えない文字を含んでいます。</translation>
    </message>
    <message>
        <source>Give either the allowed values or a range, not both.</source>
        <translation>使える値と範囲は、どちらか一方だけを指定してください。</translation>
    </message>
    <message>
        <source>The unit is longer than 40 signs.</source>
        <translation>単位が 40 文字を超えています。</translation>
    </message>
    <message>
        <source>The allowed value {value} stands twice.</source>
        <translation>使える値 {value} が 2 回あります。</translation>
    </message>
    <message>
        <source>A choice has at least two columns.</source>
        <translation>選択肢には 2 つ以上の列が必要です。</translation>
    </message>
    <message>
        <source>{member} is no column of the role “one-hot column”.</source>
        <translation>{member} は役割が「ワンホット列」の列ではありません。</translation>
    </message>
    <message>
        <source>{member} stands in two choices.</source>
        <translation>{member} が 2 つの選択肢に入っています。</translation>
    </message>
    <message>
        <source>Write a code and its column with = between, as 1 = A11.</source>
        <translation>コードと列を = でつないでください（例：1 = A11）。</translation>
    </message>
    <message>
        <source>The code {code} stands for {member}, which is none of the columns.</source>
        <translation>コード {code} の {member} は、この選択肢の列にありません。</translation>
    </message>
    <message>
        <source>Choose an analysis and a parameter, and give its value.</source>
        <translation>解析とパラメータを指定し、値を入れてください。</translation>
    </message>
    <message>
        <source>{parameter} stands twice.</source>
        <translation>{parameter} が 2 回あります。</translation>
    </message>
    <message>
        <source>{name} is a one-hot column of no choice: name it under “Choices as 0 and 1”.</source>
        <translation>ワンホット列 {name} がどの選択肢にも入っていません。「0/1 の選択肢」に加えてください。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Other names</source>
        <translation>別名</translation>
    </message>
    <message>
        <source>On screen, English</source>
        <translation>画面での表示（英語）</translation>
    </message>
    <message>
        <source>On screen, Japanese</source>
        <translation>画面での表示（日本語）</translation>
    </message>
    <message>
        <source>Its columns</source>
        <translation>含まれる列</translation>
    </message>
    <message>
        <source>Codes, where it stands in one column</source>
        <translation>1 列で書くときのコード</translation>
    </message>
    <message>
        <source>A list of candidates without it stands for all of them</source>
        <translation>候補サンプルにこの列がなければ、すべてを対象とする</translation>
    </message>
    <message>
        <source>A choice, such as a brush, written as several columns of which exactly one is 1. The columns have the role “one-hot column”. In users&apos; files it may also be one column of codes.</source>
        <translation>ブラシのように、1 つだけが 1 になる複数の列で表す選択肢です。列の役割は「ワンホット列」にします。利用者のファイルでは、コードの 1 列でもかまいません。</translation>
    </message>
    <message>
        <source>Add a choice</source>
        <translation>選択肢を追加</translation>
    </message>
    <message>
        <source>Remove this choice</source>
        <translation>この選択肢を削除</translation>
    </message>
    <message>
        <source>Holds for every experiment</source>
        <translation>すべての実験で成り立つ条件</translation>
    </message>
    <message>
        <source>How it is said, English</source>
        <translation>説明文（英語）</translation>
    </message>
    <message>
        <source>How it is said, Japanese</source>
        <translation>説明文（日本語）</translation>
    </message>
    <message>
        <source>What every experiment fulfils. Candidates that break a rule are left out, and results that do are refused.</source>
        <translation>すべての実験が満たす条件です。満たさない候補サンプルは除き、満たさない結果は取り込みません。</translation>
    </message>
    <message>
        <source>Add a rule</source>
        <translation>制約を追加</translation>
    </message>
    <message>
        <source>Remove this rule</source>
        <translation>この制約を削除</translation>
    </message>
    <message>
        <source>Conditions with a column of their own</source>
        <translation>列を設ける条件</translation>
    </message>
    <message>
        <source>One of: {values}.</source>
        <translation>次のいずれか：{values}。</translation>
    </message>
    <message>
        <source>Analysis</source>
        <translation>解析</translation>
    </message>
    <message>
        <source>Parameter</source>
        <translation>パラメータ</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>値</translation>
    </message>
    <message>
        <source>What the form of an analysis begins with in this project.</source>
        <translation>このプロジェクトで解析のフォームに最初に入る値です。</translation>
    </message>
    <message>
        <source>Add a setting</source>
        <translation>設定を追加</translation>
    </message>
    <message>
        <source>Remove this setting</source>
        <translation>この設定を削除</translation>
    </message>
    <message>
        <source>{name} is no parameter sheet</source>
        <translation>{name} はパラメータシートではありません</translation>
    </message>
    <message>
        <source>Its first column names the rows min, max and 間隔 (step, or levels with commas).</source>
        <translation>1 列目に min、max、間隔（間隔、またはカンマ区切りの水準）の行が必要です。</translation>
    </message>
    <message>
        <source>{level} is no {choice}.</source>
        <translation>{level} は {choice} にありません。</translation>
    </message>
    <message>
        <source>Known are {members}.</source>
        <translation>使えるのは {members} です。</translation>
    </message>
    <message>
        <source>The condition {condition} cannot be used.</source>
        <translation>条件 {condition} は使えません。</translation>
    </message>
    <message>
        <source>No run can be made: {condition} is never fulfilled.</source>
        <translation>実施できる実験がありません。{condition} を満たせません。</translation>
    </message>
    <message>
        <source>Look at the variables with one level, and at the values of the series.</source>
        <translation>水準が 1 つの変数と、一連の実験の条件を確認してください。</translation>
    </message>
</context>
<context>
    <name>ExperimentsPanel</name>
    <message>
        <source>Experiments</source>
        <translation>実験</translation>
    </message>
    <message>
        <source>History of the chosen experiment</source>
        <translation>選んだ実験の履歴</translation>
    </message>
    <message>
        <source>Choose an experiment to see every value it ever had</source>
        <translation>実験を選ぶと、これまでのすべての値が表示されます</translation>
    </message>
    <message>
        <source>No results yet</source>
        <translation>結果はまだありません</translation>
    </message>
    <message>
        <source>Import a filled lab sheet or any table of results: every value is kept with where it came from.</source>
        <translation>記入済みの実験リストや結果の表を取り込んでください。どの値も出所とともに保存されます。</translation>
    </message>
    <message>
        <source>Bringing the experiments…</source>
        <translation>実験を読み込んでいます…</translation>
    </message>
    <message>
        <source>The first {count} are shown; an export holds all</source>
        <translation>最初の {count} 件を表示しています。書き出しにはすべて含まれます</translation>
    </message>
    <message>
        <source>Every value this experiment ever had, newest first</source>
        <translation>この実験のこれまでのすべての値（新しい順）</translation>
    </message>
    <message>
        <source>When</source>
        <translation>日時</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>変更前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>変更後</translation>
    </message>
    <message>
        <source>File</source>
        <translation>ファイル</translation>
    </message>
    <message>
        <source>By</source>
        <translation>変更者</translation>
    </message>
</context>
<context>
    <name>ExperimentsScreen</name>
    <message>
        <source>Project</source>
        <translation>プロジェクト</translation>
    </message>
    <message>
        <source>New project…</source>
        <translation>新規プロジェクト…</translation>
    </message>
    <message>
        <source>Profile…</source>
        <translation>プロファイル…</translation>
    </message>
    <message>
        <source>What the columns of this project are</source>
        <translation>このプロジェクトの列の定義</translation>
    </message>
    <message>
        <source>Open the project&apos;s folder</source>
        <translation>プロジェクトのフォルダーを開く</translation>
    </message>
    <message>
        <source>Asking for your projects…</source>
        <translation>プロジェクトを読み込んでいます…</translation>
    </message>
    <message>
        <source>Experiments</source>
        <translation>実験</translation>
    </message>
    <message>
        <source>The project&apos;s profile</source>
        <translation>プロジェクトのプロファイル</translation>
    </message>
    <message>
        <source>No server answers</source>
        <translation>応答するサーバーがありません</translation>
    </message>
    <message>
        <source>Your projects are kept on a server, and appear here as soon as it answers.</source>
        <translation>プロジェクトはサーバーに保存されています。応答があるとここに表示されます。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln experiment(s)</source>
        <translation>
            <numerusform>%Ln 件の実験</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Exports</name>
    <message>
        <source>Save the figure</source>
        <translation>図を保存</translation>
    </message>
    <message>
        <source>Save the data</source>
        <translation>データを保存</translation>
    </message>
    <message>
        <source>The picture is on the clipboard</source>
        <translation>図をクリップボードにコピーしました</translation>
    </message>
    <message>
        <source>The data are on the clipboard</source>
        <translation>データをクリップボードにコピーしました</translation>
    </message>
    <message>
        <source>The picture could not be fetched.</source>
        <translation>図を取得できませんでした。</translation>
    </message>
    <message>
        <source>“{0}” is not opened from here</source>
        <translation>「{0}」はここからは開きません</translation>
    </message>
    <message>
        <source>Files of this kind could be programs. Save it, and open it yourself if you trust it.</source>
        <translation>この種類のファイルはプログラムの可能性があります。保存して、信頼できる場合にご自身で開いてください。</translation>
    </message>
    <message>
        <source>Save the file</source>
        <translation>ファイルを保存</translation>
    </message>
    <message>
        <source>Save into a folder</source>
        <translation>フォルダーに保存</translation>
    </message>
    <message>
        <source>Save all files into a folder</source>
        <translation>すべてのファイルをフォルダーに保存</translation>
    </message>
    <message>
        <source>The files are being fetched</source>
        <translation>ファイルを取得しています</translation>
    </message>
    <message>
        <source>Drag them again in a moment.</source>
        <translation>少し待ってからもう一度ドラッグしてください。</translation>
    </message>
    <message>
        <source>The file is not there any more</source>
        <translation>ファイルが見つかりません</translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation>保存しました：{0}</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>フォルダーを開く</translation>
    </message>
</context>
<context>
    <name>FieldRow</name>
    <message>
        <source>Changed</source>
        <translation>変更あり</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>任意</translation>
    </message>
</context>
<context>
    <name>Fields</name>
    <message>
        <source>Copy all</source>
        <translation>すべてコピー</translation>
    </message>
</context>
<context>
    <name>FigureDialog</name>
    <message>
        <source>Save the figure</source>
        <translation>図を保存</translation>
    </message>
    <message>
        <source>Drawing…</source>
        <translation>描画中…</translation>
    </message>
    <message>
        <source>One column, 85 mm</source>
        <translation>1 段幅 85 mm</translation>
    </message>
    <message>
        <source>One and a half, 120 mm</source>
        <translation>1.5 段幅 120 mm</translation>
    </message>
    <message>
        <source>Two columns, 180 mm</source>
        <translation>2 段幅 180 mm</translation>
    </message>
    <message>
        <source>With its title</source>
        <translation>表題を付ける</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>幅</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>縦横比</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>解像度</translation>
    </message>
    <message>
        <source>Letters</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Drawn anew for print, with all digits of the data.</source>
        <translation>印刷用に、データの全桁を使って描き直します。</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>SVG and PDF are sharp at any size.</source>
        <translation>SVG と PDF はどの大きさでも鮮明です。</translation>
    </message>
    <message>
        <source>It could not be drawn.</source>
        <translation>図を描けませんでした。</translation>
    </message>
    <message>
        <source>Drawing… The first figure takes longer: the fonts of this computer are looked through, once.</source>
        <translation>描いています… 最初の図には少し時間がかかります。このコンピューターの書体を一度だけ調べています。</translation>
    </message>
    <message>
        <source>The figure is being drawn.</source>
        <translation>図を描いています。</translation>
    </message>
</context>
<context>
    <name>FileRow</name>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>The file is not among the results: they may have been cleaned.</source>
        <translation>結果の中にこのファイルがありません。整理で削除された可能性があります。</translation>
    </message>
</context>
<context>
    <name>FileSlot</name>
    <message>
        <source>Choose a file for “{0}”.</source>
        <translation>「{0}」のファイルを選んでください。</translation>
    </message>
    <message>
        <source>The file “{0}” is not there any more.</source>
        <translation>ファイル「{0}」が見つかりません。</translation>
    </message>
    <message>
        <source>“{0}” is larger than this analysis takes ({1}).</source>
        <translation>「{0}」はこの解析の上限（{1}）を超えています。</translation>
    </message>
    <message>
        <source>The file needs a column {0}.</source>
        <translation>ファイルに列 {0} が必要です。</translation>
    </message>
    <message>
        <source>You may not read “{0}”. Ask whoever owns it for access.</source>
        <translation>「{0}」を読む権限がありません。所有者に権限を依頼してください。</translation>
    </message>
    <message>
        <source>“{0}” does not answer: the disk or share it lies on may be away.</source>
        <translation>「{0}」が応答しません。置かれているディスクまたは共有フォルダーに接続できない可能性があります。</translation>
    </message>
    <message>
        <source>“{0}” is not a file.</source>
        <translation>「{0}」はファイルではありません。</translation>
    </message>
    <message>
        <source>“{0}” has changed</source>
        <translation>「{0}」が変更されました</translation>
    </message>
    <message>
        <source>It was read again. Look whether the settings still fit.</source>
        <translation>読み直しました。設定が今の内容に合うか確かめてください。</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>すべてのファイル (*)</translation>
    </message>
    <message>
        <source>{0}: drop files here</source>
        <translation>{0}：ここにファイルをドロップ</translation>
    </message>
    <message>
        <source>{0}: drop a file here</source>
        <translation>{0}：ここにファイルをドロップ</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>ファイルを選ぶ…</translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation>ファイルを選ぶ…</translation>
    </message>
    <message>
        <source>Look at the data</source>
        <translation>データを見る</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>変更…</translation>
    </message>
    <message>
        <source>Take this file out</source>
        <translation>このファイルを外す</translation>
    </message>
    <message>
        <source> and {0} more</source>
        <translation> ほか {0} 件</translation>
    </message>
    <message>
        <source>not there any more</source>
        <translation>見つかりません</translation>
    </message>
    <message>
        <source>does not answer</source>
        <translation>応答なし</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>読めません</translation>
    </message>
    <message>
        <source>more than {0} rows</source>
        <translation>{0} 行以上</translation>
    </message>
    <message>
        <source>counting rows…</source>
        <translation>行数を数えています…</translation>
    </message>
    <message>
        <source>reading…</source>
        <translation>読み込み中…</translation>
    </message>
</context>
<context>
    <name>FilesTab</name>
    <message>
        <source>Files of this run</source>
        <translation>この実行のファイル</translation>
    </message>
    <message>
        <source>Save all…</source>
        <translation>すべて保存…</translation>
    </message>
    <message>
        <source>No files</source>
        <translation>ファイルなし</translation>
    </message>
    <message>
        <source>This job left no files, or they have been cleaned.</source>
        <translation>このジョブのファイルはないか、整理で削除されました。</translation>
    </message>
    <message>
        <source>Drag files from here into a folder, or open them by a double click.</source>
        <translation>ここからフォルダーへドラッグするか、ダブルクリックで開けます。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>サイズ</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s), {0}</source>
        <translation>
            <numerusform>%Ln 個のファイル、{0}</numerusform>
        </translation>
    </message>
    <message>
        <source>The files were deleted on {0} to make room. What is known of them stays; a step that is executed again makes them anew.</source>
        <translation>ファイルは容量を空けるため {0} に削除されました。記録は残っていて、ステップをもう一度実行すればファイルは作り直されます。</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表</translation>
    </message>
    <message>
        <source>Plot</source>
        <translation>図</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>報告書</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>データ</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>ログ</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>結果</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
</context>
<context>
    <name>Filling</name>
    <message>
        <source>Stored forms could not be read</source>
        <translation>保存されたフォームを読めませんでした</translation>
    </message>
    <message>
        <source>They were set aside as {0}; the form begins anew.</source>
        <translation>{0} として別に保管し、フォームは新しく始めます。</translation>
    </message>
    <message>
        <source>This form begins with your own settings.</source>
        <translation>このフォームは、ご自分の設定から始まります。</translation>
    </message>
    <message>
        <source>This form is as you left it.</source>
        <translation>前回の続きから表示しています。</translation>
    </message>
    <message>
        <source>These are the settings of “{0}”. What you change is marked.</source>
        <translation>「{0}」の設定です。変更した項目には印が付きます。</translation>
    </message>
    <message>
        <source>Its data are not on this computer any more; choose the file: {0}</source>
        <translation>データがこのコンピューターに見つかりません。ファイルを選んでください：{0}</translation>
    </message>
    <message>
        <source>The form could not be kept</source>
        <translation>フォームを保管できませんでした</translation>
    </message>
</context>
<context>
    <name>FilterStep</name>
    <message>
        <source>Show everything</source>
        <translation>すべて表示</translation>
    </message>
    <message>
        <source>Linear analysis</source>
        <translation>線形解析</translation>
    </message>
    <message>
        <source>Nonlinear analysis</source>
        <translation>非線形解析</translation>
    </message>
    <message>
        <source>Classification</source>
        <translation>分類分析</translation>
    </message>
    <message>
        <source>Analyse these</source>
        <translation>この実験を分析</translation>
    </message>
    <message>
        <source>Experiments that match</source>
        <translation>条件に合う実験</translation>
    </message>
    <message>
        <source>Go to Results</source>
        <translation>実験結果へ</translation>
    </message>
    <message>
        <source>There are no results to choose from yet</source>
        <translation>まだ選べる実験結果がありません</translation>
    </message>
    <message>
        <source>Import results first; then choose here which experiments a model is made from.</source>
        <translation>先に結果を取り込んでください。そのあと、モデルに使う実験をここで選びます。</translation>
    </message>
    <message>
        <source>The first {count} are shown; an analysis gets all of them</source>
        <translation>先頭の {count} 件を表示しています。分析にはすべてを使います</translation>
    </message>
    <message>
        <source>What is marked cannot be asked</source>
        <translation>印の付いた欄を確認してください</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>数えています…</translation>
    </message>
    <message>
        <source>The server is away; it is asked again until it answers.</source>
        <translation>サーバーに届きません。応答があるまで問い合わせを続けます。</translation>
    </message>
    <message>
        <source>{matching} of {total} experiments</source>
        <translation>{total} 件中 {matching} 件の実験</translation>
    </message>
    <message>
        <source>{complete} of them have a value in every column that is filled in.</source>
        <translation>そのうち {complete} 件は、記入のあるすべての列に値があります。</translation>
    </message>
    <message>
        <source>No experiment matches: widen a range or take a choice out.</source>
        <translation>条件に合う実験がありません。範囲を広げるか、選択を外してください。</translation>
    </message>
    <message>
        <source>Everything is shown</source>
        <translation>すべて表示しています</translation>
    </message>
    <message>
        <source>The server has not answered yet</source>
        <translation>サーバーからの応答を待っています</translation>
    </message>
    <message>
        <source>This server does not offer it yet</source>
        <translation>このサーバーではまだ使えません</translation>
    </message>
    <message>
        <source>First correct what is marked</source>
        <translation>先に印の付いた欄を直してください</translation>
    </message>
    <message>
        <source>The chosen experiments are being put together…</source>
        <translation>選んだ実験をまとめています…</translation>
    </message>
    <message>
        <source>No experiment matches</source>
        <translation>条件に合う実験がありません</translation>
    </message>
    <message>
        <source>A part of the filter does not fit this project&apos;s columns and was left out</source>
        <translation>フィルターの一部はこのプロジェクトの列に合わないため、除きました</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Go to row</source>
        <translation>行へ移動</translation>
    </message>
    <message>
        <source>Find a column</source>
        <translation>列を探す</translation>
    </message>
    <message>
        <source>{0} rows chosen; Ctrl+C copies them</source>
        <translation>{0} 行を選択中。Ctrl+C でコピー</translation>
    </message>
    <message>
        <source>Rows go from 1 to {0}</source>
        <translation>行は 1 から {0} までです</translation>
    </message>
    <message>
        <source>No column is called “{0}”</source>
        <translation>「{0}」という列はありません</translation>
    </message>
</context>
<context>
    <name>Form</name>
    <message>
        <source>Advanced</source>
        <translation>詳細設定</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>Advanced ({0})</source>
        <translation>詳細設定（{0}）</translation>
    </message>
    <message>
        <source>Advanced ({0}, {1} changed)</source>
        <translation>詳細設定（{0}、変更 {1}）</translation>
    </message>
</context>
<context>
    <name>FormNotice</name>
    <message>
        <source>Start afresh</source>
        <translation>最初から始める</translation>
    </message>
    <message>
        <source>As last used</source>
        <translation>前回の設定</translation>
    </message>
    <message>
        <source>Settings and files of your last run can be taken again.</source>
        <translation>前回の実行の設定とファイルをもう一度使えます。</translation>
    </message>
</context>
<context>
    <name>FormulaEditor</name>
    <message>
        <source>empty: every other column</source>
        <translation>空欄：ほかのすべての列</translation>
    </message>
    <message>
        <source>Insert a column</source>
        <translation>列を挿入</translation>
    </message>
    <message>
        <source>Choose a data file first.</source>
        <translation>先にデータファイルを選んでください。</translation>
    </message>
    <message>
        <source>A backtick ( ` ) is not closed.</source>
        <translation>バッククォート ( ` ) が閉じられていません。</translation>
    </message>
    <message>
        <source>A bracket is not closed.</source>
        <translation>括弧が閉じられていません。</translation>
    </message>
    <message>
        <source>A bracket is closed that was not opened.</source>
        <translation>対応する開き括弧がありません。</translation>
    </message>
    <message>
        <source>The file has no column “{0}”. Did you mean {1}?</source>
        <translation>ファイルに列「{0}」はありません。{1} のことでしょうか？</translation>
    </message>
    <message>
        <source>The file has no column “{0}”.</source>
        <translation>ファイルに列「{0}」はありません。</translation>
    </message>
</context>
<context>
    <name>HistoryScreen</name>
    <message>
        <source>Find a run by its name or analysis</source>
        <translation>名前または解析で実行を探す</translation>
    </message>
    <message>
        <source>Show older runs</source>
        <translation>さらに古い実行を表示</translation>
    </message>
    <message>
        <source>History</source>
        <translation>履歴</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>検索中…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln run(s)</source>
        <translation>
            <numerusform>%Ln 件の実行</numerusform>
        </translation>
    </message>
    <message>
        <source>Waiting for the server</source>
        <translation>サーバーを待っています</translation>
    </message>
    <message>
        <source>No target answers</source>
        <translation>応答する実行先がありません</translation>
    </message>
    <message>
        <source>The history is kept on the servers; it appears when one of them answers.</source>
        <translation>履歴はサーバーにあります。応答があると表示されます。</translation>
    </message>
    <message>
        <source>Nothing by that name</source>
        <translation>その名前のものはありません</translation>
    </message>
    <message>
        <source>Look for another word.</source>
        <translation>別の言葉で探してください。</translation>
    </message>
    <message>
        <source>No history yet</source>
        <translation>履歴はまだありません</translation>
    </message>
    <message>
        <source>Every run is kept here until you delete it.</source>
        <translation>実行は削除するまでここに残ります。</translation>
    </message>
</context>
<context>
    <name>HomeScreen</name>
    <message>
        <source>Running now</source>
        <translation>実行中</translation>
    </message>
    <message>
        <source>All runs</source>
        <translation>すべての実行</translation>
    </message>
    <message>
        <source>Try an example</source>
        <translation>例を試す</translation>
    </message>
    <message>
        <source>Start an analysis</source>
        <translation>解析を始める</translation>
    </message>
    <message>
        <source>All analyses</source>
        <translation>すべての解析</translation>
    </message>
    <message>
        <source>Recent runs</source>
        <translation>最近の実行</translation>
    </message>
    <message>
        <source>Recent files</source>
        <translation>最近のファイル</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>ホーム</translation>
    </message>
    <message>
        <source>You can look at a file and fill in a form meanwhile.</source>
        <translation>その間にファイルを見たり、入力を進めたりできます。</translation>
    </message>
    <message>
        <source>{why}. You can go on: what you submit is kept here and sent when it answers.</source>
        <translation>{why}。作業は続けられます。送信したものはここに保管し、応答があり次第送ります。</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>実行先</translation>
    </message>
    <message>
        <source>You can look at a file meanwhile; the analyses appear as soon as it answers.</source>
        <translation>その間もファイルを見ることができます。解析はサーバーが応答すると表示されます。</translation>
    </message>
    <message>
        <source>The list appears as soon as the server answers.</source>
        <translation>サーバーが応答すると一覧が表示されます。</translation>
    </message>
    <message>
        <source>not there</source>
        <translation>見つかりません</translation>
    </message>
    <message>
        <source>Files you open are listed here.</source>
        <translation>開いたファイルがここに並びます。</translation>
    </message>
    <message numerus="yes">
        <source>Running now, and %Ln more</source>
        <translation>
            <numerusform>実行中、ほか %Ln 件</numerusform>
        </translation>
    </message>
    <message>
        <source>Runs that have ended are listed here.</source>
        <translation>終わった実行がここに並びます。</translation>
    </message>
</context>
<context>
    <name>ImportCard</name>
    <message>
        <source>Choose a file of results…</source>
        <translation>結果のファイルを選ぶ…</translation>
    </message>
    <message>
        <source>or drop a filled lab sheet, any table of results, or an older results.db here</source>
        <translation>または、記入済みの実験リスト、結果の表、以前の results.db をここにドロップ</translation>
    </message>
    <message>
        <source>Import results</source>
        <translation>データベースにインポート</translation>
    </message>
    <message>
        <source>Where the file has no such column, this holds for every row:</source>
        <translation>ファイルにその列がない場合、次の値をすべての行に使います：</translation>
    </message>
    <message>
        <source>Sheet</source>
        <translation>シート</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>破棄</translation>
    </message>
    <message>
        <source>Choose results</source>
        <translation>結果を選択</translation>
    </message>
    <message>
        <source>Results ({endings})</source>
        <translation>結果 ({endings})</translation>
    </message>
    <message>
        <source>Reading {name}…</source>
        <translation>{name} を読み込んでいます…</translation>
    </message>
    <message>
        <source>Nothing is changed before you have seen what would change.</source>
        <translation>変更内容を確認するまで、何も変更されません。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) cannot be taken in</source>
        <translation>
            <numerusform>%Ln 行を取り込めません</numerusform>
        </translation>
    </message>
    <message>
        <source>Each reason is listed below. The other rows can be imported.</source>
        <translation>理由は下の一覧にあります。ほかの行は取り込めます。</translation>
    </message>
    <message>
        <source>{name} can be imported</source>
        <translation>{name} を取り込めます</translation>
    </message>
    <message>
        <source>This is what would change:</source>
        <translation>変更内容は次のとおりです：</translation>
    </message>
    <message>
        <source>Everything in this file is in the results already</source>
        <translation>このファイルの内容はすべて取り込み済みです</translation>
    </message>
    <message>
        <source>Importing it would change nothing.</source>
        <translation>取り込んでも何も変わりません。</translation>
    </message>
    <message numerus="yes">
        <source>Import %Ln experiment(s)</source>
        <translation>
            <numerusform>%Ln 件をデータベースにインポート</numerusform>
        </translation>
    </message>
    <message>
        <source>There is nothing new or changed in it</source>
        <translation>新規または変更された行がありません</translation>
    </message>
    <message>
        <source>It is being imported…</source>
        <translation>取り込んでいます…</translation>
    </message>
    <message>
        <source>Imported: {new} new, {changed} changed</source>
        <translation>取り込みました：新規 {new} 件、変更 {changed} 件</translation>
    </message>
    <message>
        <source>The whole import can be undone under History.</source>
        <translation>この取り込みは「履歴」からまとめて取り消せます。</translation>
    </message>
    <message>
        <source>Compare again</source>
        <translation>もう一度比較</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>再試行</translation>
    </message>
</context>
<context>
    <name>ImportPreviewTable</name>
    <message>
        <source>What the import would do</source>
        <translation>取り込みの内容</translation>
    </message>
    <message>
        <source>There are none</source>
        <translation>該当する行はありません</translation>
    </message>
    <message>
        <source>The first {count} are shown</source>
        <translation>最初の {count} 件を表示</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>What</source>
        <translation>種別</translation>
    </message>
    <message>
        <source>Changes or reason</source>
        <translation>変更内容・理由</translation>
    </message>
    <message>
        <source>Experiment</source>
        <translation>実験</translation>
    </message>
</context>
<context>
    <name>ImportsPanel</name>
    <message>
        <source>Nothing was imported yet</source>
        <translation>まだ何も取り込まれていません</translation>
    </message>
    <message>
        <source>Each import is listed here, and can be taken back as a whole.</source>
        <translation>取り込みはここに一覧表示され、まとめて取り消せます。</translation>
    </message>
    <message>
        <source>{new} new, {changed} changed</source>
        <translation>新規 {new} 件、変更 {changed} 件</translation>
    </message>
    <message numerus="yes">
        <source>%Ln later value(s) kept</source>
        <translation>
            <numerusform>後から設定された %Ln 個の値は維持</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) rejected</source>
        <translation>
            <numerusform>%Ln 行は取り込めず</numerusform>
        </translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>取り消し済み</translation>
    </message>
    <message>
        <source>Undo…</source>
        <translation>取り消す…</translation>
    </message>
    <message>
        <source>Take “{name}” back?</source>
        <translation>「{name}」を取り消しますか？</translation>
    </message>
    <message>
        <source>Every value is set to what it was before. Values that a later import has set stay. This can itself be undone.</source>
        <translation>すべての値が取り込み前に戻ります。後の取り込みで設定された値は残ります。この操作自体も取り消せます。</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>取り消す</translation>
    </message>
</context>
<context>
    <name>JobLine</name>
    <message>
        <source>{rate} rows a second, {time} left</source>
        <translation>毎秒 {rate} 行、残り {time}</translation>
    </message>
</context>
<context>
    <name>JobsScreen</name>
    <message>
        <source>No runs yet</source>
        <translation>実行はまだありません</translation>
    </message>
    <message>
        <source>What you run appears here, with its progress, and stays when the window is closed.</source>
        <translation>実行すると進捗とともにここに表示され、ウィンドウを閉じても残ります。</translation>
    </message>
    <message>
        <source>Start from a file</source>
        <translation>ファイルから始める</translation>
    </message>
    <message>
        <source>Nothing fits the filter</source>
        <translation>条件に合うものがありません</translation>
    </message>
    <message>
        <source>There are runs, but none that fits what you chose above.</source>
        <translation>実行はありますが、上の条件に合うものがありません。</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>すべて表示</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Show running and queued jobs</source>
        <translation>実行中・待機中のジョブを表示</translation>
    </message>
    <message>
        <source>Show failed jobs</source>
        <translation>失敗したジョブを表示</translation>
    </message>
    <message>
        <source>Show all jobs</source>
        <translation>すべてのジョブを表示</translation>
    </message>
    <message>
        <source>Find a run</source>
        <translation>実行を探す</translation>
    </message>
    <message>
        <source>Analysis</source>
        <translation>解析</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>実行先</translation>
    </message>
    <message>
        <source>Group by</source>
        <translation>まとめ方</translation>
    </message>
    <message>
        <source>No groups</source>
        <translation>まとめない</translation>
    </message>
    <message>
        <source>By state</source>
        <translation>状態別</translation>
    </message>
    <message>
        <source>By analysis</source>
        <translation>解析別</translation>
    </message>
    <message>
        <source>By target</source>
        <translation>実行先別</translation>
    </message>
    <message>
        <source>By day</source>
        <translation>日別</translation>
    </message>
    <message>
        <source>Choose columns</source>
        <translation>表示する列</translation>
    </message>
    <message>
        <source>All</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>進行中</translation>
    </message>
    <message>
        <source>Succeeded</source>
        <translation>成功</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>キャンセル済み</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>ピン留め</translation>
    </message>
    <message>
        <source>All targets</source>
        <translation>すべての実行先</translation>
    </message>
    <message>
        <source>All analyses</source>
        <translation>すべての解析</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比較</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Run again</source>
        <translation>再実行</translation>
    </message>
    <message>
        <source>Run again with changes…</source>
        <translation>変更して再実行…</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>ピンを外す</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>ピン留め</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>削除…</translation>
    </message>
    <message>
        <source>Delete “{name}”?</source>
        <translation>「{name}」を削除しますか？</translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln run(s)?</source>
        <translation>
            <numerusform>%Ln 件の実行を削除しますか？</numerusform>
        </translation>
    </message>
    <message>
        <source>All jobs, results and files on the server are deleted. Your data files are not touched.</source>
        <translation>サーバー上のジョブ、結果、ファイルがすべて削除されます。元のデータファイルはそのままです。</translation>
    </message>
    <message>
        <source>What has not ended is cancelled. All jobs, results and files on the server are deleted. Your data files are not touched.</source>
        <translation>まだ終わっていないものはキャンセルされます。サーバー上のジョブ、結果、ファイルがすべて削除されます。元のデータファイルはそのままです。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>削除</translation>
    </message>
</context>
<context>
    <name>JobsView</name>
    <message>
        <source>Runs</source>
        <translation>実行</translation>
    </message>
</context>
<context>
    <name>JsonEditor</name>
    <message>
        <source>This is not valid JSON; look at line {0}.</source>
        <translation>JSON として読めません。{0} 行目を確認してください。</translation>
    </message>
</context>
<context>
    <name>LabSheetStep</name>
    <message>
        <source>No lab sheet yet</source>
        <translation>実験リストはまだありません</translation>
    </message>
    <message>
        <source>Accept a design with OK: its lab sheet is made then, ready to print and fill in.</source>
        <translation>計画を OK で採用すると、印刷して記入できる実験リストができます。</translation>
    </message>
    <message>
        <source>To the design</source>
        <translation>実験計画へ</translation>
    </message>
    <message>
        <source>Open the sheet</source>
        <translation>実験リストを開く</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>フォルダーを開く</translation>
    </message>
    <message>
        <source>Print preview…</source>
        <translation>印刷プレビュー…</translation>
    </message>
    <message>
        <source>Make it again</source>
        <translation>作り直す</translation>
    </message>
    <message>
        <source>Lab sheet</source>
        <translation>実験リスト</translation>
    </message>
    <message>
        <source>done</source>
        <translation>済</translation>
    </message>
    <message>
        <source>{done} of {runs} runs have results</source>
        <translation>{runs} 件のうち {done} 件に結果があります</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>結果</translation>
    </message>
    <message>
        <source>The file is not there</source>
        <translation>ファイルがありません</translation>
    </message>
    <message>
        <source>It is being made…</source>
        <translation>作っています…</translation>
    </message>
    <message>
        <source>Making the lab sheet…</source>
        <translation>実験リストを作っています…</translation>
    </message>
</context>
<context>
    <name>LinesEditor</name>
    <message>
        <source>one a line</source>
        <translation>1 行に 1 つ</translation>
    </message>
    <message>
        <source>Each line needs a number.</source>
        <translation>各行に数値が必要です。</translation>
    </message>
</context>
<context>
    <name>LinkedPanel</name>
    <message>
        <source>Pairs</source>
        <translation>ペア</translation>
    </message>
    <message>
        <source>Parallel coordinates</source>
        <translation>平行座標</translation>
    </message>
    <message>
        <source>In space</source>
        <translation>3 次元</translation>
    </message>
    <message>
        <source>Choose none</source>
        <translation>選択を解除</translation>
    </message>
    <message>
        <source>Save the chosen rows…</source>
        <translation>選んだ行を保存…</translation>
    </message>
    <message>
        <source>Copy them</source>
        <translation>選んだ行をコピー</translation>
    </message>
    <message>
        <source>To a lab sheet…</source>
        <translation>実験リストへ…</translation>
    </message>
    <message>
        <source>Axis {0}</source>
        <translation>軸 {0}</translation>
    </message>
    <message>
        <source>Draw a rectangle to choose rows. Ctrl adds to the choice, Alt takes off, Esc chooses none.</source>
        <translation>四角で囲むと行を選びます。Ctrl で追加、Alt で除外、Esc で解除します。</translation>
    </message>
    <message>
        <source>Draw along an axis to keep the rows between; several axes together. A click on an axis frees it.</source>
        <translation>軸に沿ってなぞると、その範囲の行を選びます（複数の軸も可）。軸をクリックすると解除します。</translation>
    </message>
    <message>
        <source>Drag to turn it. With Shift a rectangle chooses rows. Ctrl and the wheel come nearer.</source>
        <translation>ドラッグで回転します。Shift を押しながら囲むと行を選びます。Ctrl とホイールで拡大・縮小します。</translation>
    </message>
    <message>
        <source>Chosen rows</source>
        <translation>選んだ行</translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) chosen</source>
        <translation>
            <numerusform>%Ln 行を選択中</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing is chosen</source>
        <translation>何も選ばれていません</translation>
    </message>
    <message>
        <source>Choose rows first</source>
        <translation>先に行を選んでください</translation>
    </message>
</context>
<context>
    <name>LogFollower</name>
    <message>
        <source>Save the log</source>
        <translation>ログを保存</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>テキスト (*.txt)</translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation>保存しました：{0}</translation>
    </message>
</context>
<context>
    <name>LogView</name>
    <message>
        <source>Find in the log</source>
        <translation>ログ内を検索</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>ログ</translation>
    </message>
    <message>
        <source>Nothing stands in the log.</source>
        <translation>ログには何もありません。</translation>
    </message>
    <message>
        <source>Copy what is shown</source>
        <translation>表示されている内容をコピー</translation>
    </message>
    <message>
        <source>Save the whole log…</source>
        <translation>ログ全体を保存…</translation>
    </message>
    <message>
        <source>The {0} before this are not shown; save the log to read them.</source>
        <translation>これより前の {0} は表示されていません。読むにはログを保存してください。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln found</source>
        <translation>
            <numerusform>%Ln 件</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Back (Alt+Left)</source>
        <translation>戻る (Alt+←)</translation>
    </message>
    <message>
        <source>Forward (Alt+Right)</source>
        <translation>進む (Alt+→)</translation>
    </message>
    <message>
        <source>Find or do…</source>
        <translation>検索・操作…</translation>
    </message>
    <message>
        <source>Ctrl+K</source>
        <translation>Ctrl+K</translation>
    </message>
    <message>
        <source>Drop it here</source>
        <translation>ここにドロップ</translation>
    </message>
    <message>
        <source>ZeroSec shows what is in the file; nothing is sent anywhere yet.</source>
        <translation>ファイルの内容を表示します。まだどこにも送信されません。</translation>
    </message>
    <message>
        <source>That is not a file</source>
        <translation>ファイルではありません</translation>
    </message>
    <message>
        <source>Drop one data file: CSV, Excel, OpenDocument or Parquet.</source>
        <translation>データファイルを 1 つドロップしてください：CSV、Excel、OpenDocument、Parquet。</translation>
    </message>
    <message>
        <source>You may not read “{name}”</source>
        <translation>「{name}」を読む権限がありません</translation>
    </message>
    <message>
        <source>Ask whoever owns it or its folder for access.</source>
        <translation>ファイルまたはフォルダーの所有者に権限を依頼してください。</translation>
    </message>
    <message>
        <source>“{name}” is not there any more</source>
        <translation>「{name}」が見つかりません</translation>
    </message>
    <message>
        <source>It may have been moved, renamed or deleted. Choose it at its new place.</source>
        <translation>移動、名前の変更、または削除された可能性があります。新しい場所から選び直してください。</translation>
    </message>
    <message>
        <source>One file at a time</source>
        <translation>ファイルは 1 つずつ</translation>
    </message>
    <message>
        <source>{name} is shown; drop the others one by one.</source>
        <translation>{name} を表示します。ほかは 1 つずつドロップしてください。</translation>
    </message>
    <message>
        <source>Open a data file</source>
        <translation>データファイルを開く</translation>
    </message>
    <message>
        <source>Data files (*.csv *.tsv *.txt *.xlsx *.xls *.ods *.parquet)</source>
        <translation>データファイル (*.csv *.tsv *.txt *.xlsx *.xls *.ods *.parquet)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>すべてのファイル (*)</translation>
    </message>
    <message>
        <source>{name} is done</source>
        <translation>{name} が完了しました</translation>
    </message>
    <message>
        <source>{name} failed</source>
        <translation>{name} が失敗しました</translation>
    </message>
    <message>
        <source>{name} was refused</source>
        <translation>{name} は受け付けられませんでした</translation>
    </message>
    <message>
        <source>{run}, {step}</source>
        <translation>{run}、{step}</translation>
    </message>
    <message>
        <source>Show the results</source>
        <translation>結果を表示</translation>
    </message>
    <message>
        <source>Show what happened</source>
        <translation>何が起きたかを表示</translation>
    </message>
</context>
<context>
    <name>MappingEditor</name>
    <message>
        <source>Value</source>
        <translation>値</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>choose…</source>
        <translation>選択…</translation>
    </message>
    <message>
        <source>choose or type…</source>
        <translation>選択または入力…</translation>
    </message>
    <message>
        <source>Remove this line</source>
        <translation>この行を消す</translation>
    </message>
    <message>
        <source>Add a line</source>
        <translation>行を追加</translation>
    </message>
    <message>
        <source>A name stands here twice.</source>
        <translation>同じ名前が 2 回あります。</translation>
    </message>
    <message>
        <source>Each value must be a number.</source>
        <translation>値はすべて数値にしてください。</translation>
    </message>
    <message>
        <source>Choose a value in each line.</source>
        <translation>各行で値を選んでください。</translation>
    </message>
</context>
<context>
    <name>MetricTile</name>
    <message>
        <source>interval {0}</source>
        <translation>区間 {0}</translation>
    </message>
</context>
<context>
    <name>ModelsStep</name>
    <message>
        <source>Runs from this project&apos;s experiments</source>
        <translation>このプロジェクトの実験による解析</translation>
    </message>
    <message>
        <source>Go to Filter</source>
        <translation>フィルターへ</translation>
    </message>
    <message>
        <source>No model was made yet</source>
        <translation>まだモデルがありません</translation>
    </message>
    <message>
        <source>Choose experiments under Filter and start an analysis there: every run of them is listed here.</source>
        <translation>フィルターで実験を選び、そこから分析を始めてください。行った解析はすべてここに並びます。</translation>
    </message>
    <message>
        <source>The newest are shown; all are under Runs</source>
        <translation>新しいものを表示しています。すべては「実行」にあります</translation>
    </message>
    <message>
        <source>The results have changed since</source>
        <translation>このあと実験結果が変わりました</translation>
    </message>
    <message>
        <source>Save to the project folder</source>
        <translation>プロジェクトのフォルダーに保存</translation>
    </message>
    <message>
        <source>There is something to save when it has succeeded</source>
        <translation>成功すると保存できます</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>Saved: {name}</source>
        <translation>保存しました：{name}</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>フォルダーを開く</translation>
    </message>
</context>
<context>
    <name>NewProjectCard</name>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Brush trials, autumn</source>
        <translation>ブラシ試験 秋</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>プロファイル</translation>
    </message>
    <message>
        <source>Another: from a table of yours</source>
        <translation>その他：手持ちの表から作る</translation>
    </message>
    <message>
        <source>Make the project</source>
        <translation>プロジェクトを作成</translation>
    </message>
    <message>
        <source>A new project</source>
        <translation>新規プロジェクト</translation>
    </message>
    <message>
        <source>A project keeps the results of all experiments of one kind. Its profile says what the columns are called, what they may hold, and which of them tell one experiment from another.</source>
        <translation>プロジェクトには、同じ種類の実験の結果がすべて保存されます。プロファイルは、列の名前、入る値、どの列で実験を区別するかを定めます。</translation>
    </message>
    <message>
        <source>From a table…</source>
        <translation>表から作る…</translation>
    </message>
    <message>
        <source>From a profile file…</source>
        <translation>プロファイルを読み込む…</translation>
    </message>
    <message>
        <source>Look at it, or change it…</source>
        <translation>内容を見る・変える…</translation>
    </message>
    <message>
        <source>Any table with one row an experiment will do: choose it or drop it here. What each column is for is inferred, and you confirm it once.</source>
        <translation>1 行が 1 実験の表なら何でもかまいません。選ぶか、ここにドロップしてください。各列の役割を推定しますので、一度だけ確認してください。</translation>
    </message>
    <message>
        <source>Choose a table</source>
        <translation>表を選ぶ</translation>
    </message>
    <message>
        <source>Reading {name}…</source>
        <translation>{name} を読み込んでいます…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Give the project a name first</source>
        <translation>先にプロジェクト名を入力してください</translation>
    </message>
    <message>
        <source>Choose a table first: its columns become the profile</source>
        <translation>先に表を選んでください。その列がプロファイルになります</translation>
    </message>
    <message>
        <source>Choose a table first</source>
        <translation>先に表を選んでください</translation>
    </message>
    <message>
        <source>Profiles ({endings})</source>
        <translation>プロファイル ({endings})</translation>
    </message>
    <message>
        <source>Tables ({endings})</source>
        <translation>表 ({endings})</translation>
    </message>
    <message>
        <source>Choose a profile</source>
        <translation>プロファイルを選択</translation>
    </message>
    <message>
        <source>{name} is no profile.</source>
        <translation>{name} はプロファイルではありません。</translation>
    </message>
    <message>
        <source>It is being made…</source>
        <translation>作成しています…</translation>
    </message>
</context>
<context>
    <name>NoticeCard</name>
    <message>
        <source>Dismiss</source>
        <translation>閉じる</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>詳細</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>コピー</translation>
    </message>
</context>
<context>
    <name>NoticePanel</name>
    <message>
        <source>Clear all</source>
        <translation>すべて消去</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
    <message>
        <source>Nothing to report</source>
        <translation>お知らせはありません</translation>
    </message>
    <message>
        <source>What ends, fails or needs a look is listed here.</source>
        <translation>完了、失敗、確認が必要なことがここに並びます。</translation>
    </message>
</context>
<context>
    <name>NumberEditor</name>
    <message>
        <source>automatic</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>This needs a number.</source>
        <translation>数値を入力してください。</translation>
    </message>
    <message>
        <source>This could be {0} or {1}. Write it without the comma, or with a point.</source>
        <translation>{0} とも {1} とも読めます。コンマを使わないか、小数点で書いてください。</translation>
    </message>
    <message>
        <source>This needs a whole number.</source>
        <translation>整数を入力してください。</translation>
    </message>
    <message>
        <source>This number is too large.</source>
        <translation>数値が大きすぎます。</translation>
    </message>
    <message>
        <source>This is not a number.</source>
        <translation>数値として読めません。</translation>
    </message>
</context>
<context>
    <name>ObjectsEditor</name>
    <message>
        <source>Add</source>
        <translation>追加</translation>
    </message>
    <message>
        <source>Add to “{0}”</source>
        <translation>「{0}」に追加</translation>
    </message>
    <message>
        <source>At most {0} are possible.</source>
        <translation>最大 {0} 件までです。</translation>
    </message>
</context>
<context>
    <name>ParameterLines</name>
    <message>
        <source>Variable</source>
        <translation>変数</translation>
    </message>
    <message>
        <source>Min</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>Max</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>Step, or levels with commas</source>
        <translation>間隔、またはコンマ区切りの水準</translation>
    </message>
    <message>
        <source>Remove this variable</source>
        <translation>この変数を削除</translation>
    </message>
    <message>
        <source>Add a variable</source>
        <translation>変数を追加</translation>
    </message>
</context>
<context>
    <name>ParametersStep</name>
    <message>
        <source>Write them here</source>
        <translation>ここに書く</translation>
    </message>
    <message>
        <source>From a parameter sheet</source>
        <translation>パラメータ表から</translation>
    </message>
    <message>
        <source>Variables</source>
        <translation>変数</translation>
    </message>
    <message>
        <source>What can be set, and to which values. Variables left empty are not varied; the table holds every combination of the others.</source>
        <translation>設定できる変数とその値です。空欄の変数は変えません。それ以外のすべての組合せが表になります。</translation>
    </message>
    <message>
        <source>Make the combination table</source>
        <translation>生成：サンプル組合せ表</translation>
    </message>
    <message>
        <source>Combinations</source>
        <translation>組合せ</translation>
    </message>
    <message>
        <source>The table is being made</source>
        <translation>表を作っています</translation>
    </message>
    <message>
        <source>The combinations are being counted</source>
        <translation>組合せを数えています</translation>
    </message>
    <message>
        <source>Give at least one variable its levels</source>
        <translation>少なくとも 1 つの変数に水準を入れてください</translation>
    </message>
    <message>
        <source>Choose a parameter sheet first</source>
        <translation>先にパラメータ表を選んでください</translation>
    </message>
    <message>
        <source>Combinations of {project}</source>
        <translation>{project} の組合せ表</translation>
    </message>
    <message>
        <source>Show the run</source>
        <translation>実行を表示</translation>
    </message>
    <message>
        <source>The table was not made</source>
        <translation>表を作れませんでした</translation>
    </message>
    <message>
        <source>Bringing the table into the project&apos;s folder…</source>
        <translation>表をプロジェクトのフォルダーに取り込んでいます…</translation>
    </message>
    <message>
        <source>The table is made</source>
        <translation>表ができました</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>フォルダーを開く</translation>
    </message>
    <message>
        <source>To the candidates</source>
        <translation>候補サンプルへ</translation>
    </message>
    <message>
        <source>The sheet cannot be planned with</source>
        <translation>このシートでは計画できません</translation>
    </message>
    <message>
        <source>Give at least one variable two levels</source>
        <translation>少なくとも 1 つの変数に 2 つ以上の水準を指定してください</translation>
    </message>
</context>
<context>
    <name>PictureView</name>
    <message>
        <source>The picture is on its way.</source>
        <translation>図を取得しています。</translation>
    </message>
    <message>
        <source>This picture cannot be shown here. Save the file and open it elsewhere.</source>
        <translation>この図はここでは表示できません。保存して別のアプリで開いてください。</translation>
    </message>
</context>
<context>
    <name>PlotCanvas</name>
    <message>
        <source>Count</source>
        <translation>度数</translation>
    </message>
</context>
<context>
    <name>PredictionExporter</name>
    <message>
        <source>An export is going on</source>
        <translation>エクスポート中です</translation>
    </message>
    <message>
        <source>Wait for it, or cancel it first.</source>
        <translation>終わるまで待つか、先に中止してください。</translation>
    </message>
    <message>
        <source>The rows of these predictions are gone</source>
        <translation>これらの予測の行はもうありません</translation>
    </message>
    <message>
        <source>The files of their runs were cleaned. Predict again with the same model and table.</source>
        <translation>実行のファイルが消去されています。同じモデルと表で、もう一度予測してください。</translation>
    </message>
    <message>
        <source>There is no prediction yet</source>
        <translation>予測はまだありません</translation>
    </message>
    <message>
        <source>Build a model from experiments of this project, then predict rows with it. Predictions by other models are listed under Predictions, where they can be asked for too.</source>
        <translation>このプロジェクトの実験からモデルを作り、そのモデルで行を予測してください。ほかのモデルによる予測は「予測」タブで表示でき、エクスポートにも含められます。</translation>
    </message>
    <message>
        <source>Export prediction database</source>
        <translation>予測データベースのエクスポート</translation>
    </message>
    <message>
        <source>Excel workbook (*.xlsx)</source>
        <translation>Excel ブック (*.xlsx)</translation>
    </message>
    <message>
        <source>CSV file (*.csv)</source>
        <translation>CSV ファイル (*.csv)</translation>
    </message>
    <message>
        <source>Parquet file (*.parquet)</source>
        <translation>Parquet ファイル (*.parquet)</translation>
    </message>
    <message>
        <source>Prediction database of {project}</source>
        <translation>{project} の予測データベース</translation>
    </message>
    <message>
        <source>The predictions were not exported</source>
        <translation>予測をエクスポートできませんでした</translation>
    </message>
    <message>
        <source>Bringing the file to this computer…</source>
        <translation>ファイルをこのコンピューターに取り込んでいます…</translation>
    </message>
    <message>
        <source>The prediction database is exported</source>
        <translation>予測データベースをエクスポートしました</translation>
    </message>
</context>
<context>
    <name>PredictionsPanel</name>
    <message>
        <source>Predictions</source>
        <translation>予測</translation>
    </message>
    <message>
        <source>Export the chosen ones…</source>
        <translation>選択した予測をエクスポート…</translation>
    </message>
    <message>
        <source>Also by models from other data</source>
        <translation>ほかのデータのモデルによる予測も</translation>
    </message>
    <message>
        <source>No predictions yet</source>
        <translation>予測はまだありません</translation>
    </message>
    <message>
        <source>Build a model from experiments of this project, then predict rows with it: every prediction is listed here, and exported as one table.</source>
        <translation>このプロジェクトの実験からモデルを作り、そのモデルで行を予測すると、すべての予測がここに並び、1 つの表としてエクスポートできます。</translation>
    </message>
    <message>
        <source>cleaned</source>
        <translation>消去済み</translation>
    </message>
    <message>
        <source>When</source>
        <translation>日時</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行数</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>目的変数</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>Choose predictions in the table</source>
        <translation>表で予測を選んでください</translation>
    </message>
    <message numerus="yes">
        <source>%Ln prediction(s)</source>
        <translation>
            <numerusform>予測 %Ln 件</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s)</source>
        <translation>
            <numerusform>%Ln 行</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PresetMenu</name>
    <message>
        <source>As last used</source>
        <translation>前回の設定</translation>
    </message>
    <message>
        <source>This analysis was not run yet.</source>
        <translation>この解析はまだ実行されていません。</translation>
    </message>
    <message>
        <source>All as they come</source>
        <translation>すべて初期値</translation>
    </message>
    <message>
        <source>Begin new forms with these settings</source>
        <translation>新しいフォームをこの設定で始める</translation>
    </message>
    <message>
        <source>Begin new forms as the analysis comes</source>
        <translation>新しいフォームを解析の既定値で始める</translation>
    </message>
    <message>
        <source>Save these settings…</source>
        <translation>この設定を保存…</translation>
    </message>
    <message>
        <source>Delete a preset</source>
        <translation>プリセットを削除</translation>
    </message>
</context>
<context>
    <name>PreviewPane</name>
    <message>
        <source>Open outside</source>
        <translation>外部で開く</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>ファイルを選んでください</translation>
    </message>
    <message>
        <source>It is shown here.</source>
        <translation>ここに表示されます。</translation>
    </message>
    <message>
        <source>A page for the browser</source>
        <translation>ブラウザー用のページ</translation>
    </message>
    <message>
        <source>Open it outside to read it.</source>
        <translation>外部で開いて読んでください。</translation>
    </message>
    <message>
        <source>Too large to be looked at here</source>
        <translation>ここで見るには大きすぎます</translation>
    </message>
    <message>
        <source>Save it, and open it in a program made for it.</source>
        <translation>保存して、専用のプログラムで開いてください。</translation>
    </message>
    <message>
        <source>The file is being fetched</source>
        <translation>ファイルを取得しています</translation>
    </message>
    <message>
        <source>The first {0} rows.</source>
        <translation>最初の {0} 行。</translation>
    </message>
    <message>
        <source>Its beginning.</source>
        <translation>冒頭のみ。</translation>
    </message>
    <message>
        <source>No rows</source>
        <translation>行がありません</translation>
    </message>
    <message>
        <source>Its first sheet is empty but for headings. Save it to look at the others.</source>
        <translation>最初のシートは見出しだけで、行がありません。ほかのシートは保存して確認してください。</translation>
    </message>
    <message>
        <source>Not shown here</source>
        <translation>ここには表示されません</translation>
    </message>
    <message>
        <source>Files of this kind are for other programs. Save it, and open it there.</source>
        <translation>この種類のファイルは他のプログラム用です。保存して、そちらで開いてください。</translation>
    </message>
</context>
<context>
    <name>PreviewScreen</name>
    <message>
        <source>Use in an analysis</source>
        <translation>解析に使う</translation>
    </message>
    <message>
        <source>Another file…</source>
        <translation>別のファイル…</translation>
    </message>
    <message>
        <source>Rows of the file</source>
        <translation>ファイルの行</translation>
    </message>
    <message>
        <source>Find a column</source>
        <translation>列を探す</translation>
    </message>
    <message>
        <source>Reading the file</source>
        <translation>ファイルを読んでいます</translation>
    </message>
    <message>
        <source>The first rows appear in a moment.</source>
        <translation>まもなく最初の行が表示されます。</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>データ</translation>
    </message>
    <message>
        <source>Use this file in an analysis</source>
        <translation>このファイルを解析に使う</translation>
    </message>
    <message>
        <source>Go to a row</source>
        <translation>行へ移動</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>読み込み中…</translation>
    </message>
    <message>
        <source>It need not be one: {0} reads such files.</source>
        <translation>表である必要はありません：{0} がこのようなファイルを読みます。</translation>
    </message>
    <message>
        <source>first {0}</source>
        <translation>最初の {0}</translation>
    </message>
    <message>
        <source>first {0} (an analysis uses all)</source>
        <translation>最初の {0}（解析ではすべて使います）</translation>
    </message>
    <message>
        <source>reading the rest…</source>
        <translation>残りを読み込み中…</translation>
    </message>
    <message>
        <source>and {0} more remarks</source>
        <translation>ほか {0} 件の注意</translation>
    </message>
    <message>
        <source>Sorting…</source>
        <translation>並べ替え中…</translation>
    </message>
    <message>
        <source>Choose a data file</source>
        <translation>データファイルを選ぶ</translation>
    </message>
    <message>
        <source>Data files ({0})</source>
        <translation>データファイル ({0})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>すべてのファイル (*)</translation>
    </message>
    <message>
        <source>The server has not said yet what it offers</source>
        <translation>サーバーの解析一覧をまだ取得していません</translation>
    </message>
    <message>
        <source>Try again in a moment.</source>
        <translation>少し待ってからもう一度お試しください。</translation>
    </message>
</context>
<context>
    <name>Problems</name>
    <message>
        <source>{0} {1}</source>
        <translation>{0}{1}</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>Something went wrong inside ZeroSec</source>
        <translation>ZeroSec の内部で問題が起きました</translation>
    </message>
    <message>
        <source>What you submitted is kept, and the work on the server goes on.</source>
        <translation>送信したものは保管され、サーバーでの処理は続いています。</translation>
    </message>
    <message>
        <source>Try again. If it happens again, copy the details and send them to whoever looks after ZeroSec.</source>
        <translation>もう一度試してください。繰り返す場合は、詳細をコピーして ZeroSec の管理者に送ってください。</translation>
    </message>
    <message>
        <source>The server cannot be reached</source>
        <translation>サーバーに接続できません</translation>
    </message>
    <message>
        <source>What you have submitted is kept here, and sent as soon as the server answers. Anything else, do again then.</source>
        <translation>実行した内容はここに保存され、サーバーが応答すると送信されます。それ以外の操作は、応答してからもう一度行ってください。</translation>
    </message>
    <message>
        <source>The connection to the server broke</source>
        <translation>サーバーとの接続が切れました</translation>
    </message>
    <message>
        <source>ZeroSec connects again by itself. Nothing you submitted is lost.</source>
        <translation>自動で再接続します。送信したものは失われません。</translation>
    </message>
    <message>
        <source>The server did not answer in time</source>
        <translation>サーバーが時間内に応答しませんでした</translation>
    </message>
    <message>
        <source>It may be busy. ZeroSec asks again by itself.</source>
        <translation>混み合っている可能性があります。自動で再試行します。</translation>
    </message>
    <message>
        <source>The server of this computer could not be started</source>
        <translation>このコンピューターのサーバーを起動できませんでした</translation>
    </message>
    <message>
        <source>Look at its log under Targets, or choose another target.</source>
        <translation>「実行先」でログを確認するか、別の実行先を選んでください。</translation>
    </message>
    <message>
        <source>The folder holds the results of another run</source>
        <translation>このフォルダーには別の実行の結果があります</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>別のフォルダーを選んでください。</translation>
    </message>
    <message>
        <source>The server does not accept the token</source>
        <translation>サーバーがトークンを受け付けません</translation>
    </message>
    <message>
        <source>Enter a new token for this target under Targets.</source>
        <translation>「実行先」で新しいトークンを入力してください。</translation>
    </message>
    <message>
        <source>You may not do this on this server</source>
        <translation>このサーバーではこの操作が許可されていません</translation>
    </message>
    <message>
        <source>Ask whoever looks after the server for access.</source>
        <translation>サーバーの管理者に権限を依頼してください。</translation>
    </message>
    <message>
        <source>It is no longer on the server</source>
        <translation>サーバーにもうありません</translation>
    </message>
    <message>
        <source>It may have been deleted. Refresh the list.</source>
        <translation>削除された可能性があります。一覧を更新してください。</translation>
    </message>
    <message>
        <source>The server has no space left</source>
        <translation>サーバーの空き容量がありません</translation>
    </message>
    <message>
        <source>Delete runs you no longer need, or ask whoever looks after the server.</source>
        <translation>不要な実行を削除するか、サーバーの管理者に相談してください。</translation>
    </message>
    <message>
        <source>The disk of this computer is full</source>
        <translation>このコンピューターのディスクがいっぱいです</translation>
    </message>
    <message>
        <source>Free some space, then try again. What was saved before is not affected.</source>
        <translation>空きを作ってからもう一度試してください。保存済みのものには影響ありません。</translation>
    </message>
    <message>
        <source>Something in the form is not right</source>
        <translation>入力に正しくない項目があります</translation>
    </message>
    <message>
        <source>The fields concerned are marked.</source>
        <translation>該当する項目に印が付いています。</translation>
    </message>
    <message>
        <source>The server takes no more work at the moment</source>
        <translation>サーバーは今これ以上受け付けられません</translation>
    </message>
    <message>
        <source>Your work is kept here and sent again in a little while.</source>
        <translation>実行はここに保管し、しばらくして再送します。</translation>
    </message>
    <message>
        <source>The file is larger than this server takes</source>
        <translation>ファイルがサーバーの上限を超えています</translation>
    </message>
    <message>
        <source>Use a smaller file, or ask whoever looks after the server to raise the limit.</source>
        <translation>小さいファイルを使うか、管理者に上限の変更を依頼してください。</translation>
    </message>
    <message>
        <source>The record of your submissions cannot be written</source>
        <translation>送信の記録を書き込めません</translation>
    </message>
    <message>
        <source>Nothing is sent without it, so that nothing can be lost. Free some space.</source>
        <translation>失われないよう、記録なしには何も送信しません。空きを作ってください。</translation>
    </message>
    <message>
        <source>The disk is full</source>
        <translation>ディスクがいっぱいです</translation>
    </message>
    <message>
        <source>{name} could not be written completely.</source>
        <translation>{name} を最後まで書き込めませんでした。</translation>
    </message>
    <message>
        <source>A file</source>
        <translation>ファイル</translation>
    </message>
    <message>
        <source>Free some space, then try again. Nothing that was saved before is affected.</source>
        <translation>空きを作ってからもう一度試してください。保存済みのものには影響ありません。</translation>
    </message>
    <message>
        <source>The file is no longer there</source>
        <translation>ファイルがもうありません</translation>
    </message>
    <message>
        <source>It may have been moved, renamed or deleted. Choose it again at its new place.</source>
        <translation>移動、名前の変更、削除の可能性があります。新しい場所から選び直してください。</translation>
    </message>
    <message>
        <source>No permission</source>
        <translation>権限がありません</translation>
    </message>
    <message>
        <source>Choose another folder, or ask whoever owns this one for access.</source>
        <translation>別のフォルダーを選ぶか、所有者に権限を依頼してください。</translation>
    </message>
    <message>
        <source>The file could not be used</source>
        <translation>ファイルを使えませんでした</translation>
    </message>
    <message>
        <source>Check the disk, then try again.</source>
        <translation>ディスクを確認してからもう一度試してください。</translation>
    </message>
</context>
<context>
    <name>ProfileEditor</name>
    <message>
        <source>Undo (Ctrl+Z)</source>
        <translation>元に戻す (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Redo (Ctrl+Shift+Z)</source>
        <translation>やり直す (Ctrl+Shift+Z)</translation>
    </message>
    <message>
        <source>Read a profile…</source>
        <translation>プロファイルを読み込む…</translation>
    </message>
    <message>
        <source>Save as a file…</source>
        <translation>ファイルに保存…</translation>
    </message>
    <message>
        <source>Title, English</source>
        <translation>名称（英語）</translation>
    </message>
    <message>
        <source>Title, Japanese</source>
        <translation>名称（日本語）</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Choices as 0 and 1</source>
        <translation>0/1 の選択肢</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>制約</translation>
    </message>
    <message>
        <source>Settings of analyses</source>
        <translation>解析の設定</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Add a column</source>
        <translation>列を追加</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>削除</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>上へ</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>下へ</translation>
    </message>
    <message numerus="yes">
        <source>%Ln thing(s) to put right</source>
        <translation>
            <numerusform>直すところが %Ln か所あります</numerusform>
        </translation>
    </message>
    <message>
        <source>It is being saved…</source>
        <translation>保存しています…</translation>
    </message>
    <message>
        <source>Nothing was changed</source>
        <translation>変更はありません</translation>
    </message>
    <message>
        <source>There is nothing to take back</source>
        <translation>元に戻す操作はありません</translation>
    </message>
    <message>
        <source>Nothing was taken back</source>
        <translation>やり直す操作はありません</translation>
    </message>
    <message>
        <source>Choose a column first</source>
        <translation>先に列を選んでください</translation>
    </message>
    <message>
        <source>It is the first</source>
        <translation>先頭の列です</translation>
    </message>
    <message>
        <source>It is the last</source>
        <translation>最後の列です</translation>
    </message>
    <message>
        <source>Choose a profile</source>
        <translation>プロファイルを選ぶ</translation>
    </message>
    <message>
        <source>Profiles (*.toml)</source>
        <translation>プロファイル (*.toml)</translation>
    </message>
    <message>
        <source>{name} is no profile.</source>
        <translation>{name} はプロファイルではありません。</translation>
    </message>
    <message>
        <source>{name} was read.</source>
        <translation>{name} を読み込みました。</translation>
    </message>
    <message>
        <source>Undo brings back what was here.</source>
        <translation>元に戻すと、前の内容に戻ります。</translation>
    </message>
    <message>
        <source>Save the profile</source>
        <translation>プロファイルを保存</translation>
    </message>
    <message>
        <source>The profile is saved</source>
        <translation>プロファイルを保存しました</translation>
    </message>
    <message>
        <source>Leave without saving?</source>
        <translation>保存せずに閉じますか？</translation>
    </message>
    <message>
        <source>What you changed in the profile is lost.</source>
        <translation>プロファイルの変更は失われます。</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>閉じる</translation>
    </message>
</context>
<context>
    <name>ProfileScreen</name>
    <message>
        <source>There are results: columns that hold values must stay, and so must those that tell experiments apart.</source>
        <translation>すでに結果があります。値のある列と、実験を区別する列は変えられません。</translation>
    </message>
    <message>
        <source>Profile of {project}</source>
        <translation>{project} のプロファイル</translation>
    </message>
    <message>
        <source>Save the profile</source>
        <translation>プロファイルを保存</translation>
    </message>
    <message>
        <source>What you had not saved is here again. Undo brings back the profile as it is.</source>
        <translation>前回保存しなかった変更を復元しました。元に戻すと、保存済みのプロファイルに戻ります。</translation>
    </message>
    <message>
        <source>The roles are inferred from the values. Look through them, and confirm once.</source>
        <translation>役割は値から推定したものです。一通り見て、一度だけ確定してください。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them should be looked at twice, marked with a question mark.</source>
        <translation>
            <numerusform>「?」の付いた %Ln 列は特にご確認ください。</numerusform>
        </translation>
    </message>
    <message>
        <source>What are the columns of {name}?</source>
        <translation>{name} の列は何を表しますか？</translation>
    </message>
    <message>
        <source>Profile of the new project</source>
        <translation>新しいプロジェクトのプロファイル</translation>
    </message>
    <message>
        <source>What you change counts for the new project alone.</source>
        <translation>変更は新しいプロジェクトだけに反映されます。</translation>
    </message>
    <message>
        <source>Use this profile</source>
        <translation>このプロファイルを使う</translation>
    </message>
    <message>
        <source>The profile is saved</source>
        <translation>プロファイルを保存しました</translation>
    </message>
</context>
<context>
    <name>ProgramCard</name>
    <message>
        <source>version {0}</source>
        <translation>バージョン {0}</translation>
    </message>
    <message>
        <source>it does not tell its version</source>
        <translation>バージョンは表示されません</translation>
    </message>
    <message>
        <source>not installed</source>
        <translation>インストールされていません</translation>
    </message>
    <message>
        <source>named in the settings</source>
        <translation>設定で指定</translation>
    </message>
    <message>
        <source>found on the PATH</source>
        <translation>PATH で検出</translation>
    </message>
    <message>
        <source>came with ZeroSec</source>
        <translation>ZeroSec に同梱</translation>
    </message>
</context>
<context>
    <name>ProgramsNotice</name>
    <message>
        <source>Look again</source>
        <translation>もう一度確認</translation>
    </message>
    <message>
        <source>Ask the server again, once the program is installed there</source>
        <translation>サーバーにプログラムを入れたあと、もう一度確認します</translation>
    </message>
    <message>
        <source>Programs</source>
        <translation>プログラム</translation>
    </message>
    <message>
        <source>All programs of the server, with their versions</source>
        <translation>サーバーにあるすべてのプログラムとその版</translation>
    </message>
    <message>
        <source>This step cannot run yet: the server has no {0}</source>
        <translation>このステップはまだ実行できません：サーバーに {0} がありません</translation>
    </message>
    <message>
        <source>{0} is missing for: {1}. {2}</source>
        <translation>{1}：{0} がありません。{2}</translation>
    </message>
    <message>
        <source>Other steps lack a program; this one can run, and they can follow later or be left out</source>
        <translation>ほかのステップに必要なプログラムがありません。このステップは実行でき、ほかは後から実行するか省けます</translation>
    </message>
    <message>
        <source>Other steps lack a program too</source>
        <translation>ほかのステップに必要なプログラムもありません</translation>
    </message>
    <message>
        <source> or </source>
        <translation> または </translation>
    </message>
</context>
<context>
    <name>ProgramsScreen</name>
    <message>
        <source>Some analyses call programs that others have written. Here is which of them the server has; an analysis that needs a missing one says so before it sends your files.</source>
        <translation>解析によっては外部のプログラムを使います。サーバーにあるものをここに示します。必要なプログラムがない解析は、ファイルを送る前にそのことを知らせます。</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>もう一度確認</translation>
    </message>
    <message>
        <source>Programs</source>
        <translation>プログラム</translation>
    </message>
    <message>
        <source>The server does not answer yet</source>
        <translation>サーバーがまだ応答しません</translation>
    </message>
    <message>
        <source>Its programs are shown as soon as it does.</source>
        <translation>応答があり次第、プログラムを表示します。</translation>
    </message>
    <message>
        <source>Looking for the programs…</source>
        <translation>プログラムを探しています…</translation>
    </message>
    <message>
        <source>Each of them is asked for its version.</source>
        <translation>それぞれのバージョンを確かめています。</translation>
    </message>
    <message>
        <source>for {0}</source>
        <translation>{0} 用</translation>
    </message>
</context>
<context>
    <name>ProgressPage</name>
    <message>
        <source>The disk of the server is full: for {0} it could not write down how the job stands. Free some space on it; the server then goes on, or starts the job anew, by itself.</source>
        <translation>サーバーのディスクがいっぱいで、{0} のあいだジョブの状態を書き込めていません。空きを作ってください。そのあとサーバーは自動的に続けるか、ジョブを最初から実行し直します。</translation>
    </message>
    <message>
        <source>The worker has given no sign of life for {0}. If that goes on, the server starts the job anew by itself.</source>
        <translation>処理プロセスから {0} 応答がありません。続く場合はサーバーが自動的にやり直します。</translation>
    </message>
    <message>
        <source>It is alive and working; the last step forward was {0} ago.</source>
        <translation>動作中です。最後の進捗は {0} 前です。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Stop and keep the best</source>
        <translation>止めて最良のものを残す</translation>
    </message>
    <message>
        <source>Ends the search now; the result is the best that was found so far</source>
        <translation>探索を今すぐ終えます。結果は、それまでに見つかった最良のものです</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>進捗</translation>
    </message>
    <message>
        <source>You can close the window: the work goes on and is here when you come back.</source>
        <translation>ウィンドウを閉じても処理は続きます。戻ってくるとここに表示されます。</translation>
    </message>
    <message>
        <source>As it happens</source>
        <translation>実行状況</translation>
    </message>
    <message>
        <source>What the job says</source>
        <translation>ジョブの出力</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>停止中…</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>中止しています…</translation>
    </message>
    <message>
        <source>The run goes on by itself; how far it is, is shown as soon as the server answers.</source>
        <translation>実行はそのまま続きます。進み具合は、サーバーが応答すると表示されます。</translation>
    </message>
    <message>
        <source>What stands here is what it told last. It is shown anew as soon as the server answers.</source>
        <translation>ここに表示されているのは最後に届いた状態です。サーバーが応答すると新しい状態を表示します。</translation>
    </message>
    <message>
        <source>The run is kept here, and sent as soon as the server answers.</source>
        <translation>この実行はここに保存され、サーバーが応答すると送信されます。</translation>
    </message>
    <message>
        <source>Done: the results are being fetched</source>
        <translation>完了しました。結果を取得しています</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>Kept here until the server answers</source>
        <translation>サーバーの応答があるまでここに保管しています</translation>
    </message>
    <message>
        <source>reading {0}</source>
        <translation>{0} を読み込み中</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{1} 中 {0}</translation>
    </message>
    <message>
        <source>running for {0}</source>
        <translation>実行時間 {0}</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>残り {0}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln job(s) before it</source>
        <translation>
            <numerusform>前に %Ln 件</numerusform>
        </translation>
    </message>
    <message>
        <source>next in line</source>
        <translation>次に始まります</translation>
    </message>
    <message>
        <source>attempt {0}</source>
        <translation>{0} 回目の試行</translation>
    </message>
</context>
<context>
    <name>ProgressRow</name>
    <message>
        <source>Progress of {name}</source>
        <translation>{name} の進捗</translation>
    </message>
    <message>
        <source>Cancel this job</source>
        <translation>このジョブをキャンセル</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>表示</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>残り {time}</translation>
    </message>
    <message>
        <source>It is being cancelled already</source>
        <translation>すでにキャンセル中です</translation>
    </message>
</context>
<context>
    <name>Quotes</name>
    <message>
        <source>“{0}”</source>
        <translation>「{0}」</translation>
    </message>
</context>
<context>
    <name>Reading</name>
    <message>
        <source>{title}.</source>
        <translation>{title}。</translation>
    </message>
    <message>
        <source>The file cannot be read</source>
        <translation>ファイルを読めません</translation>
    </message>
    <message>
        <source>What reads files for ZeroSec gave up over “{name}”: the file is damaged, or needs more memory than there is.</source>
        <translation>「{name}」の読み取りが途中で終了しました。ファイルが壊れているか、メモリーが足りません。</translation>
    </message>
    <message>
        <source>Save it again from the program it came from, for example as CSV.</source>
        <translation>元のプログラムから、CSV などで保存し直してください。</translation>
    </message>
    <message>
        <source>The file does not answer</source>
        <translation>ファイルが応答しません</translation>
    </message>
    <message>
        <source>Nothing of “{name}” arrived for {seconds} seconds: the disk or network share it lies on may be away.</source>
        <translation>「{name}」から {seconds} 秒間データが届きませんでした。置かれているディスクまたは共有フォルダーに接続できない可能性があります。</translation>
    </message>
    <message>
        <source>Look whether the share is connected, then open the file again.</source>
        <translation>共有フォルダーの接続を確認してから、もう一度開いてください。</translation>
    </message>
    <message>
        <source>Reading the file takes too long</source>
        <translation>ファイルの読み取りに時間がかかりすぎています</translation>
    </message>
    <message>
        <source>“{name}” was not read within {minutes} minutes, and was given up.</source>
        <translation>「{name}」を {minutes} 分以内に読み終えられず、中止しました。</translation>
    </message>
    <message>
        <source>Save it as Parquet or CSV, or copy it to this computer&apos;s own disk first.</source>
        <translation>Parquet または CSV で保存するか、先にこのコンピューターのディスクへコピーしてください。</translation>
    </message>
    <message>
        <source>The file is not there</source>
        <translation>ファイルがありません</translation>
    </message>
    <message>
        <source>“{name}” was moved, renamed or deleted.</source>
        <translation>「{name}」は移動、名前の変更、または削除されました。</translation>
    </message>
    <message>
        <source>Choose it again at its new place.</source>
        <translation>新しい場所から選び直してください。</translation>
    </message>
    <message>
        <source>“{name}” holds something that ZeroSec does not know.</source>
        <translation>「{name}」には ZeroSec が扱えない内容が含まれています。</translation>
    </message>
</context>
<context>
    <name>ReadingBar</name>
    <message>
        <source>Correct…</source>
        <translation>修正…</translation>
    </message>
    <message>
        <source>Read as</source>
        <translation>読み方</translation>
    </message>
    <message>
        <source>comma  ,</source>
        <translation>コンマ  ,</translation>
    </message>
    <message>
        <source>semicolon  ;</source>
        <translation>セミコロン  ;</translation>
    </message>
    <message>
        <source>tab</source>
        <translation>タブ</translation>
    </message>
    <message>
        <source>bar  |</source>
        <translation>縦線  |</translation>
    </message>
    <message>
        <source>blank</source>
        <translation>空白</translation>
    </message>
    <message>
        <source>point  1.5</source>
        <translation>小数点  1.5</translation>
    </message>
    <message>
        <source>comma  1,5</source>
        <translation>小数コンマ  1,5</translation>
    </message>
    <message>
        <source>none</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>The row of the file that holds the names; 0 when there is none.</source>
        <translation>列名のある行。ない場合は 0。</translation>
    </message>
    <message>
        <source>What stands for “no value”, separated by |</source>
        <translation>「値なし」を表す文字（| で区切る）</translation>
    </message>
    <message>
        <source>Sheet</source>
        <translation>シート</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>文字コード</translation>
    </message>
    <message>
        <source>Between columns</source>
        <translation>区切り</translation>
    </message>
    <message>
        <source>Decimal sign</source>
        <translation>小数点</translation>
    </message>
    <message>
        <source>Grouped digits</source>
        <translation>桁区切り</translation>
    </message>
    <message>
        <source>Names in row</source>
        <translation>列名の行</translation>
    </message>
    <message>
        <source>Means “no value”</source>
        <translation>「値なし」とする文字</translation>
    </message>
    <message>
        <source>Detect again</source>
        <translation>自動判定に戻す</translation>
    </message>
    <message>
        <source>Parquet: names and types stand in the file</source>
        <translation>Parquet：列名と型はファイルに含まれます</translation>
    </message>
    <message>
        <source>names in row {0}</source>
        <translation>列名は {0} 行目</translation>
    </message>
    <message>
        <source>no row of names</source>
        <translation>列名の行なし</translation>
    </message>
    <message>
        <source>{0} sheets</source>
        <translation>{0} シート</translation>
    </message>
    <message>
        <source>Excel</source>
        <translation>Excel</translation>
    </message>
    <message>
        <source>sheet “{0}”</source>
        <translation>シート「{0}」</translation>
    </message>
    <message>
        <source>Fold</source>
        <translation>閉じる</translation>
    </message>
</context>
<context>
    <name>RecognitionTable</name>
    <message>
        <source>How its columns were understood</source>
        <translation>列の読み取り方</translation>
    </message>
    <message>
        <source>by its name</source>
        <translation>列名</translation>
    </message>
    <message>
        <source>by another name</source>
        <translation>別名</translation>
    </message>
    <message>
        <source>by codes</source>
        <translation>コード</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>不足</translation>
    </message>
    <message>
        <source>needed</source>
        <translation>必要</translation>
    </message>
    <message>
        <source>Matched</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>Extra</source>
        <translation>余分</translation>
    </message>
    <message>
        <source>not used</source>
        <translation>使わない</translation>
    </message>
    <message>
        <source>Not there</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>not needed</source>
        <translation>不要</translation>
    </message>
    <message>
        <source>What</source>
        <translation>区分</translation>
    </message>
    <message>
        <source>In the file</source>
        <translation>ファイルの列</translation>
    </message>
    <message>
        <source>In the profile</source>
        <translation>プロファイルの列</translation>
    </message>
    <message>
        <source>How</source>
        <translation>読み取り方</translation>
    </message>
</context>
<context>
    <name>ReferenceCard</name>
    <message>
        <source>{kind}, genome build {build}</source>
        <translation>{kind}、ゲノムビルド {build}</translation>
    </message>
    <message>
        <source>Make the index</source>
        <translation>索引を作る</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>削除…</translation>
    </message>
    <message>
        <source>File</source>
        <translation>ファイル</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大きさ</translation>
    </message>
    <message>
        <source>Registered</source>
        <translation>登録日時</translation>
    </message>
    <message>
        <source>Index</source>
        <translation>索引</translation>
    </message>
    <message>
        <source>Used by</source>
        <translation>使用</translation>
    </message>
    <message numerus="yes">
        <source>%Ln run(s)</source>
        <translation>
            <numerusform>%Ln 件の実行</numerusform>
        </translation>
    </message>
    <message>
        <source>made, {size}</source>
        <translation>作成済み、{size}</translation>
    </message>
    <message>
        <source>being made…</source>
        <translation>作成中…</translation>
    </message>
    <message>
        <source>not made yet</source>
        <translation>未作成</translation>
    </message>
</context>
<context>
    <name>ReferencesScreen</name>
    <message>
        <source>Genomes, genes and spike-in sites that many runs use are registered once, with their genome build. Runs then take them from the server by name; the index of a genome is made once for all.</source>
        <translation>多くの実行で使うゲノム・遺伝子・スパイクインの部位は、ゲノムビルドとともに一度だけ登録します。実行では名前を選ぶだけでサーバーのものを使え、ゲノムの索引は全員のために一度だけ作られます。</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>もう一度確認</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>追加…</translation>
    </message>
    <message>
        <source>What was sent is kept: only the rest is sent.</source>
        <translation>送った分は保存されています。残りだけを送ります。</translation>
    </message>
    <message>
        <source>Give it up</source>
        <translation>取りやめる</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>続ける</translation>
    </message>
    <message>
        <source>References</source>
        <translation>参照データ</translation>
    </message>
    <message>
        <source>The form is open below</source>
        <translation>入力欄は下に開いています</translation>
    </message>
    <message>
        <source>Registering {name} was begun, with the file {file}.</source>
        <translation>{name} の登録が途中です（ファイル：{file}）。</translation>
    </message>
    <message>
        <source>The server does not answer yet</source>
        <translation>サーバーがまだ応答しません</translation>
    </message>
    <message>
        <source>Its references are shown as soon as it does.</source>
        <translation>応答があり次第、参照データを表示します。</translation>
    </message>
    <message>
        <source>Nothing is registered yet</source>
        <translation>まだ何も登録されていません</translation>
    </message>
    <message>
        <source>Add the genome that your runs use, or drop its file here.</source>
        <translation>実行で使うゲノムを追加するか、そのファイルをここにドロップしてください。</translation>
    </message>
    <message>
        <source>{0} is registered</source>
        <translation>{0} を登録しました</translation>
    </message>
    <message>
        <source>Runs can take it from now on, wherever they ask for such a file.</source>
        <translation>この種類のファイルを求める実行で、これから選べます。</translation>
    </message>
    <message>
        <source>Runs that read it keep its file and can be repeated.</source>
        <translation>これを読んだ実行にはファイルが残り、もう一度実行できます。</translation>
    </message>
    <message>
        <source>Its index is removed too: {0}. It is made again when somebody needs it.</source>
        <translation>索引（{0}）も削除します。必要になれば作り直されます。</translation>
    </message>
    <message>
        <source>Remove {0} from the references?</source>
        <translation>{0} を参照データから削除しますか？</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>削除</translation>
    </message>
    <message>
        <source>Jobs still read it: its index goes by itself when they have ended.</source>
        <translation>まだ使っているジョブがあります。インデックスは、それらの終了後に自動で削除されます。</translation>
    </message>
    <message>
        <source>What was made of it stays: the same file is registered under another name.</source>
        <translation>同じファイルが別の名前でも登録されているため、そこから作られたものは残ります。</translation>
    </message>
    <message>
        <source>{0} are free again.</source>
        <translation>{0} が空きました。</translation>
    </message>
    <message>
        <source>{0} is not registered any more</source>
        <translation>{0} の登録を外しました</translation>
    </message>
</context>
<context>
    <name>RegisteredChoice</name>
    <message>
        <source>Registered…</source>
        <translation>登録済み…</translation>
    </message>
    <message>
        <source>Take one that is registered on the server; nothing is sent.</source>
        <translation>サーバーに登録されたものを使います。ファイルは送られません。</translation>
    </message>
    <message>
        <source>Nothing is registered for “{0}” yet</source>
        <translation>「{0}」用の登録はまだありません</translation>
    </message>
    <message>
        <source>Add it under “References” in the navigation.</source>
        <translation>ナビゲーションの「参照データ」で追加してください。</translation>
    </message>
    <message>
        <source>{0}: {1}, genome build {2}</source>
        <translation>{0}：{1}（ゲノムビルド {2}）</translation>
    </message>
</context>
<context>
    <name>ResultTable</name>
    <message>
        <source>Search in this table</source>
        <translation>この表を検索</translation>
    </message>
    <message>
        <source>{0} of {1} rows</source>
        <translation>{1} 行中 {0} 行</translation>
    </message>
    <message>
        <source>The first {0} of {1} rows; the file has them all</source>
        <translation>{1} 行のうち最初の {0} 行（ファイルには全行あり）</translation>
    </message>
</context>
<context>
    <name>ResultsPage</name>
    <message>
        <source>All numbers</source>
        <translation>すべての数値</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>値</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>単位</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>注記</translation>
    </message>
    <message>
        <source>This step shows nothing by itself</source>
        <translation>このステップには表示する結果がありません</translation>
    </message>
    <message>
        <source>What it made is under Files.</source>
        <translation>作成されたものは「ファイル」にあります。</translation>
    </message>
    <message>
        <source>The picture is not among the files: they may have been cleaned.</source>
        <translation>図のファイルがありません。整理で削除された可能性があります。</translation>
    </message>
</context>
<context>
    <name>ResultsStep</name>
    <message>
        <source>Experiments</source>
        <translation>実験</translation>
    </message>
    <message>
        <source>History</source>
        <translation>履歴</translation>
    </message>
    <message>
        <source>Predictions</source>
        <translation>予測</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>バックアップ</translation>
    </message>
    <message>
        <source>Export to Excel…</source>
        <translation>結果をエクスポート…</translation>
    </message>
    <message>
        <source>Export prediction database…</source>
        <translation>予測データベースをエクスポート…</translation>
    </message>
    <message>
        <source>The rows of every prediction as one table</source>
        <translation>すべての予測の行を 1 つの表にします</translation>
    </message>
    <message>
        <source>Export results</source>
        <translation>結果のエクスポート</translation>
    </message>
    <message>
        <source>Excel workbook (*.xlsx)</source>
        <translation>Excel ブック (*.xlsx)</translation>
    </message>
    <message>
        <source>CSV file (*.csv)</source>
        <translation>CSV ファイル (*.csv)</translation>
    </message>
    <message numerus="yes">
        <source>%Ln experiment(s) exported</source>
        <translation>
            <numerusform>%Ln 件の実験を書き出しました</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunActions</name>
    <message>
        <source>Export this run</source>
        <translation>この実行を書き出す</translation>
    </message>
    <message>
        <source>Archives (*.zip)</source>
        <translation>書庫 (*.zip)</translation>
    </message>
    <message>
        <source>The run is exported</source>
        <translation>実行を書き出しました</translation>
    </message>
    <message>
        <source>{0} holds its data, results, settings and logs, with checksums.</source>
        <translation>{0} にデータ、結果、設定、ログがチェックサム付きで入っています。</translation>
    </message>
    <message>
        <source>Delete “{0}”?</source>
        <translation>「{0}」を削除しますか？</translation>
    </message>
    <message>
        <source>All its jobs, results and files on the server are deleted. Your data file is not touched.</source>
        <translation>サーバー上のジョブ、結果、ファイルがすべて削除されます。元のデータファイルはそのままです。</translation>
    </message>
    <message>
        <source>It has not ended and is cancelled. All its jobs, results and files on the server are deleted. Your data file is not touched.</source>
        <translation>まだ終わっていないものはキャンセルされます。サーバー上のジョブ、結果、ファイルがすべて削除されます。元のデータファイルはそのままです。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>削除</translation>
    </message>
</context>
<context>
    <name>RunHead</name>
    <message>
        <source>Open the report</source>
        <translation>報告書を開く</translation>
    </message>
    <message>
        <source>Run again with changes</source>
        <translation>変更して再実行</translation>
    </message>
    <message>
        <source>More</source>
        <translation>その他</translation>
    </message>
    <message>
        <source>Compare, save, pin, delete</source>
        <translation>比較・保存・ピン留め・削除</translation>
    </message>
    <message>
        <source>attempt {number} of {count}</source>
        <translation>{count} 回のうち {number} 回目の試行</translation>
    </message>
</context>
<context>
    <name>RunScreen</name>
    <message>
        <source>Run again with changes</source>
        <translation>変更して再実行</translation>
    </message>
    <message>
        <source>Looking for this run</source>
        <translation>この実行を探しています</translation>
    </message>
    <message>
        <source>The server is being asked.</source>
        <translation>サーバーに問い合わせています。</translation>
    </message>
    <message>
        <source>This run is not there</source>
        <translation>この実行は見つかりません</translation>
    </message>
    <message>
        <source>It was deleted, or the server that has it is not among your targets.</source>
        <translation>削除されたか、この実行のあるサーバーが接続先にありません。</translation>
    </message>
    <message>
        <source>See all runs</source>
        <translation>すべての実行を見る</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>結果</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>ファイル</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>ログ</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>詳細</translation>
    </message>
    <message>
        <source>It is shown by itself as soon as the server answers.</source>
        <translation>サーバーが応答すると自動的に表示されます。</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Cancel this run</source>
        <translation>この実行を中止</translation>
    </message>
    <message>
        <source>Stop and keep the best</source>
        <translation>止めて最良のものを残す</translation>
    </message>
    <message>
        <source>Save all files of this run…</source>
        <translation>この実行のファイルをすべて保存…</translation>
    </message>
    <message>
        <source>Files ({0})</source>
        <translation>ファイル（{0}）</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>比較する</translation>
    </message>
    <message>
        <source>No other run of this analysis has succeeded yet</source>
        <translation>この解析で成功した実行はほかにありません</translation>
    </message>
    <message>
        <source>Save all files…</source>
        <translation>すべてのファイルを保存…</translation>
    </message>
    <message>
        <source>Export this run with everything…</source>
        <translation>この実行をすべて書き出す…</translation>
    </message>
    <message>
        <source>Run again as it is</source>
        <translation>そのまま再実行</translation>
    </message>
    <message>
        <source>Take the pin off</source>
        <translation>ピン留めを外す</translation>
    </message>
    <message>
        <source>Pin this run</source>
        <translation>この実行をピン留め</translation>
    </message>
    <message>
        <source>Delete this run…</source>
        <translation>この実行を削除…</translation>
    </message>
</context>
<context>
    <name>SavedFilters</name>
    <message>
        <source>Saved filters</source>
        <translation>保存したフィルター</translation>
    </message>
    <message>
        <source>Delete the saved filter</source>
        <translation>保存したフィルターを削除</translation>
    </message>
    <message>
        <source>Name of this filter</source>
        <translation>このフィルターの名前</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>選択…</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>まだありません</translation>
    </message>
    <message>
        <source>Give this filter a name and save it</source>
        <translation>名前を付けて保存してください</translation>
    </message>
    <message>
        <source>First correct what is marked</source>
        <translation>先に印の付いた欄を直してください</translation>
    </message>
    <message>
        <source>Give this filter a name first</source>
        <translation>先に名前を付けてください</translation>
    </message>
    <message>
        <source>No saved filter is chosen</source>
        <translation>保存したフィルターが選ばれていません</translation>
    </message>
    <message>
        <source>Replace the filter “{name}”?</source>
        <translation>フィルター「{name}」を置き換えますか？</translation>
    </message>
    <message>
        <source>It is kept for everybody who works on this project.</source>
        <translation>このプロジェクトを使う全員に共通です。</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>置き換える</translation>
    </message>
    <message>
        <source>Delete the filter “{name}”?</source>
        <translation>フィルター「{name}」を削除しますか？</translation>
    </message>
    <message>
        <source>Results and runs stay as they are.</source>
        <translation>実験結果と解析はそのまま残ります。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>削除</translation>
    </message>
</context>
<context>
    <name>SettingsCard</name>
    <message>
        <source>Undo (Ctrl+Z)</source>
        <translation>元に戻す (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Redo (Ctrl+Shift+Z)</source>
        <translation>やり直す (Ctrl+Shift+Z)</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>プリセット</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
</context>
<context>
    <name>SettingsScreen</name>
    <message>
        <source>As the system</source>
        <translation>システムに従う</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>明るい</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>暗い</translation>
    </message>
    <message>
        <source>The size changes with the next start</source>
        <translation>大きさは次回の起動から変わります</translation>
    </message>
    <message>
        <source>What runs on the server goes on meanwhile.</source>
        <translation>サーバーでの実行は続きます。</translation>
    </message>
    <message>
        <source>Start again now</source>
        <translation>今すぐ再起動</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>表示</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>言語</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>配色</translation>
    </message>
    <message>
        <source>Size of everything</source>
        <translation>全体の大きさ</translation>
    </message>
    <message>
        <source>Tell me when a job ends</source>
        <translation>ジョブが終わったら知らせる</translation>
    </message>
    <message>
        <source>Let the server of this computer finish its work when I quit</source>
        <translation>終了後もこのコンピューターのサーバーに処理を続けさせる</translation>
    </message>
    <message>
        <source>This system shows no notifications of its own: what ends is told in this window only.</source>
        <translation>このシステムには通知機能がありません。終了はこのウィンドウ内だけでお知らせします。</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>処理</translation>
    </message>
    <message>
        <source>Files sent or fetched at the same time</source>
        <translation>同時に送受信するファイル数</translation>
    </message>
    <message>
        <source>The others wait for their turn; small ones never do.</source>
        <translation>ほかのファイルは順番を待ちます。小さなファイルは待ちません。</translation>
    </message>
    <message>
        <source>Otherwise it is asked to end: what is queued stays queued, and what is running starts anew when ZeroSec is opened again.</source>
        <translation>オフの場合はサーバーも終了します。待機中のものはそのまま残り、実行中のものは次に ZeroSec を開いたときにやり直されます。</translation>
    </message>
    <message>
        <source>as many as processors</source>
        <translation>プロセッサーの数だけ</translation>
    </message>
    <message>
        <source>8 GB</source>
        <translation>8 GB</translation>
    </message>
    <message>
        <source> GB</source>
        <translation> GB</translation>
    </message>
    <message>
        <source>24 hours</source>
        <translation>24 時間</translation>
    </message>
    <message>
        <source> hours</source>
        <translation> 時間</translation>
    </message>
    <message>
        <source>The server of this computer</source>
        <translation>このコンピューターのサーバー</translation>
    </message>
    <message>
        <source>Jobs at the same time</source>
        <translation>同時に実行するジョブ</translation>
    </message>
    <message>
        <source>Most memory of a job</source>
        <translation>ジョブのメモリー上限</translation>
    </message>
    <message>
        <source>A job that needs more is ended, and says so.</source>
        <translation>これを超えるジョブは終了し、その旨を示します。</translation>
    </message>
    <message>
        <source>Longest time of a job</source>
        <translation>ジョブの最長時間</translation>
    </message>
    <message>
        <source>These limits hold from the next start of the server on: when ZeroSec was quit and its work is done.</source>
        <translation>これらの上限は、次にサーバーが起動したとき（ZeroSec を終了し、作業が済んだ後）から有効です。</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>選ぶ…</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>フォルダー</translation>
    </message>
    <message>
        <source>Results are saved to</source>
        <translation>結果の保存先</translation>
    </message>
    <message>
        <source>These settings are kept in</source>
        <translation>この設定の保存場所</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Where results are saved</source>
        <translation>結果の保存先</translation>
    </message>
</context>
<context>
    <name>SideBar</name>
    <message>
        <source>Navigation</source>
        <translation>ナビゲーション</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>ホーム</translation>
    </message>
    <message>
        <source>WORK</source>
        <translation>作業</translation>
    </message>
    <message>
        <source>Experiments</source>
        <translation>実験</translation>
    </message>
    <message>
        <source>Analyses</source>
        <translation>解析</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>History</source>
        <translation>履歴</translation>
    </message>
    <message>
        <source>SET-UP</source>
        <translation>準備</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>実行先</translation>
    </message>
    <message>
        <source>Programs</source>
        <translation>プログラム</translation>
    </message>
    <message>
        <source>References</source>
        <translation>参照データ</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Fold the navigation</source>
        <translation>ナビゲーションをたたむ</translation>
    </message>
    <message>
        <source>Unfold the navigation</source>
        <translation>ナビゲーションを開く</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message numerus="yes">
        <source>%Ln running</source>
        <translation>
            <numerusform>%Ln 件実行中</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln queued</source>
        <translation>
            <numerusform>%Ln 件待機中</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln being sent</source>
        <translation>
            <numerusform>%Ln 件送信中</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln waiting to be sent</source>
        <translation>
            <numerusform>%Ln 件送信待ち</numerusform>
        </translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>Nothing is running</source>
        <translation>実行中のものはありません</translation>
    </message>
    <message>
        <source>sending…</source>
        <translation>送信中…</translation>
    </message>
    <message>
        <source>fetching…</source>
        <translation>取得中…</translation>
    </message>
    <message>
        <source>jobs wait</source>
        <translation>ジョブは待機中</translation>
    </message>
    <message>
        <source>The server answers, but no worker is running there: jobs are taken, and wait.</source>
        <translation>サーバーは応答していますが、ワーカーが動いていません。ジョブは受け付けられ、待機します。</translation>
    </message>
    <message>
        <source>New work goes to this target. Click to see all targets.</source>
        <translation>新しい実行はこの実行先に送られます。クリックで一覧を表示。</translation>
    </message>
</context>
<context>
    <name>StepChoice</name>
    <message>
        <source>Step</source>
        <translation>ステップ</translation>
    </message>
</context>
<context>
    <name>StepPage</name>
    <message>
        <source>What will happen</source>
        <translation>実行内容</translation>
    </message>
    <message>
        <source>Run this step</source>
        <translation>このステップを実行</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>戻る</translation>
    </message>
    <message>
        <source>It reads</source>
        <translation>読み込むファイル</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Another file…</source>
        <translation>別のファイル…</translation>
    </message>
    <message>
        <source>The run&apos;s own: {0}</source>
        <translation>実行のファイル：{0}</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>attempt {number}, {moment}</source>
        <translation>{number} 回目、{moment}</translation>
    </message>
    <message>
        <source>stale</source>
        <translation>古い</translation>
    </message>
</context>
<context>
    <name>StepRow</name>
    <message>
        <source>Run all executes this step</source>
        <translation>全実行でこのステップを実行します</translation>
    </message>
    <message>
        <source>Run all executes {0}</source>
        <translation>全実行で {0} を実行します</translation>
    </message>
    <message>
        <source>Run…</source>
        <translation>実行…</translation>
    </message>
    <message>
        <source>Set up and run {0}</source>
        <translation>{0} を設定して実行</translation>
    </message>
    <message>
        <source>From here</source>
        <translation>ここから</translation>
    </message>
    <message>
        <source>Run this step and all that follow</source>
        <translation>このステップと以降をすべて実行</translation>
    </message>
    <message>
        <source>Attempts of this step</source>
        <translation>このステップの試行</translation>
    </message>
    <message>
        <source>Attempt {number} · {moment}</source>
        <translation>{number} 回目 · {moment}</translation>
    </message>
    <message>
        <source>Compare the last two that succeeded</source>
        <translation>成功した最後の 2 回を比較</translation>
    </message>
    <message>
        <source>not executed yet</source>
        <translation>未実行</translation>
    </message>
    <message>
        <source>waits for a free place</source>
        <translation>空きを待っています</translation>
    </message>
    <message>
        <source>running for {0}</source>
        <translation>実行中 {0}</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完了</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>中止</translation>
    </message>
    <message numerus="yes">
        <source>%Ln attempt(s)</source>
        <translation>
            <numerusform>%Ln 回の試行</numerusform>
        </translation>
    </message>
    <message>
        <source>Stale: a step it read from was executed again</source>
        <translation>古い：読み込み元のステップが再実行されました</translation>
    </message>
    <message>
        <source>Stale: what it read is stale</source>
        <translation>古い：読み込んだものが古くなっています</translation>
    </message>
    <message>
        <source>Stale: the run was given other files</source>
        <translation>古い：実行のファイルが変更されました</translation>
    </message>
    <message>
        <source>Stale: a step has since prepared what it read</source>
        <translation>古い：読み込んだものがその後、別のステップで前処理されました</translation>
    </message>
</context>
<context>
    <name>Stepping</name>
    <message>
        <source>Delete the files of this run?</source>
        <translation>この実行のファイルを削除しますか？</translation>
    </message>
    <message>
        <source>Results, settings and logs stay, and so do your own files; steps can be executed again.</source>
        <translation>結果、設定、ログとお手元のファイルは残ります。ステップは再実行できます。</translation>
    </message>
    <message>
        <source>Delete the files</source>
        <translation>ファイルを削除</translation>
    </message>
    <message>
        <source>The files of this run are gone</source>
        <translation>この実行のファイルを削除しました</translation>
    </message>
    <message>
        <source>{0} are free again.</source>
        <translation>{0} が空きました。</translation>
    </message>
</context>
<context>
    <name>StepsPanel</name>
    <message>
        <source>Steps of this run</source>
        <translation>この実行のステップ</translation>
    </message>
    <message>
        <source>Run all</source>
        <translation>全実行</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>一時停止</translation>
    </message>
    <message>
        <source>The step that runs goes on to its end; no other begins</source>
        <translation>実行中のステップは最後まで進み、次は始まりません</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>再開</translation>
    </message>
    <message>
        <source>Kill</source>
        <translation>強制終了</translation>
    </message>
    <message>
        <source>End everything this run does now</source>
        <translation>この実行で動いているものをすべて終了します</translation>
    </message>
    <message>
        <source>Clean…</source>
        <translation>ファイル削除…</translation>
    </message>
    <message>
        <source>Delete the files of this run; its record stays</source>
        <translation>この実行のファイルを削除します。記録は残ります</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>Run all: step {0} of {1}</source>
        <translation>全実行：ステップ {0}／{1}</translation>
    </message>
    <message>
        <source>Run all is paused. {0}</source>
        <translation>全実行は一時停止中です。{0}</translation>
    </message>
</context>
<context>
    <name>SummaryHeader</name>
    <message>
        <source>{0} missing</source>
        <translation>欠損 {0}</translation>
    </message>
    <message>
        <source>{0} different</source>
        <translation>{0} 種類</translation>
    </message>
</context>
<context>
    <name>SummaryPane</name>
    <message>
        <source>What will happen</source>
        <translation>実行内容</translation>
    </message>
    <message>
        <source>Name of the run</source>
        <translation>実行の名前</translation>
    </message>
    <message>
        <source>Where it runs</source>
        <translation>実行場所</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation>送信中…</translation>
    </message>
    <message>
        <source>The run is being sent.</source>
        <translation>実行内容を送信しています。</translation>
    </message>
    <message>
        <source>The time it takes is not known yet: this is the first run here.</source>
        <translation>所要時間はまだ分かりません（ここでは初めての実行です）。</translation>
    </message>
    <message>
        <source>Took {0} the last time</source>
        <translation>前回の所要時間：{0}</translation>
    </message>
    <message>
        <source>Took {0} in the last {1} runs</source>
        <translation>直近 {1} 回の所要時間：{0}</translation>
    </message>
</context>
<context>
    <name>TargetBand</name>
    <message>
        <source>{text} You can also send new work to another server.</source>
        <translation>{text}別のサーバーに新しい作業を送ることもできます。</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>実行先</translation>
    </message>
    <message>
        <source>The server of this computer is starting</source>
        <translation>このコンピューターのサーバーを起動しています</translation>
    </message>
    <message>
        <source>{target} does not answer</source>
        <translation>{target}が応答しません</translation>
    </message>
</context>
<context>
    <name>TargetCard</name>
    <message>
        <source>New work goes here</source>
        <translation>新しい実行の送り先</translation>
    </message>
    <message>
        <source>Send new work here</source>
        <translation>ここを送り先にする</translation>
    </message>
    <message>
        <source>Show its log</source>
        <translation>ログを表示</translation>
    </message>
    <message>
        <source>Show its folder</source>
        <translation>フォルダーを表示</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>今すぐ接続</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>外す…</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>バージョン</translation>
    </message>
    <message>
        <source>Answers in</source>
        <translation>応答時間</translation>
    </message>
    <message>
        <source>Worker</source>
        <translation>ワーカー</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>実行中</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>待機中</translation>
    </message>
    <message>
        <source>Free space</source>
        <translation>空き容量</translation>
    </message>
    <message>
        <source>Up for</source>
        <translation>稼働時間</translation>
    </message>
    <message>
        <source>none</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>at work</source>
        <translation>実行中</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>待機中</translation>
    </message>
    <message>
        <source>It is starting: a few seconds, as a rule</source>
        <translation>起動しています（通常は数秒です）</translation>
    </message>
    <message>
        <source>What you submit meanwhile is kept here, and sent as soon as it answers.</source>
        <translation>その間に実行した内容はここに保存され、応答すると送信されます。</translation>
    </message>
    <message>
        <source>Little space is left: {free}</source>
        <translation>空き容量が少なくなっています：{free}</translation>
    </message>
    <message>
        <source>Delete runs you no longer need before large files are sent.</source>
        <translation>大きなファイルを送る前に、不要な実行を削除してください。</translation>
    </message>
    <message>
        <source>No worker is running: jobs are taken, and wait</source>
        <translation>ワーカーが動いていません。ジョブは受け付けられ、待機します</translation>
    </message>
    <message>
        <source>Nothing is lost. ZeroSec starts it again by itself; if it does not come back, its log says why.</source>
        <translation>失われたものはありません。ZeroSec が自動で再起動します。戻らない場合は、ログに理由が書かれています。</translation>
    </message>
    <message>
        <source>Nothing is lost. Tell whoever looks after this server.</source>
        <translation>失われたものはありません。このサーバーの管理者に連絡してください。</translation>
    </message>
</context>
<context>
    <name>TargetsScreen</name>
    <message>
        <source>A target is a server that does the work. This computer always is one; a lab server or one in the cloud can be added, and everything works the same there.</source>
        <translation>実行先は処理を行うサーバーです。このコンピューターは常に使えます。研究室のサーバーやクラウドも追加でき、使い方は同じです。</translation>
    </message>
    <message>
        <source>Add a server…</source>
        <translation>サーバーを追加…</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>実行先</translation>
    </message>
    <message>
        <source>Remove {name}?</source>
        <translation>{name} を外しますか？</translation>
    </message>
    <message>
        <source>Its runs stay on the server; this computer forgets its address and token.</source>
        <translation>実行はサーバーに残ります。このコンピューターからアドレスとトークンが消えます。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>外す</translation>
    </message>
    <message>
        <source>The form is open below</source>
        <translation>下に入力欄が開いています</translation>
    </message>
    <message>
        <source>{name} was added</source>
        <translation>{name} を追加しました</translation>
    </message>
    <message>
        <source>It can take work now.</source>
        <translation>実行を送れます。</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Open ZeroSec</source>
        <translation>ZeroSec を開く</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>終了</translation>
    </message>
    <message>
        <source>{name} is done</source>
        <translation>{name} が完了しました</translation>
    </message>
    <message>
        <source>{name} failed</source>
        <translation>{name} が失敗しました</translation>
    </message>
    <message>
        <source>Click to see the results.</source>
        <translation>クリックで結果を表示。</translation>
    </message>
</context>
<context>
    <name>ValueEditor</name>
    <message>
        <source>Choose or type a value</source>
        <translation>値を選ぶか入力</translation>
    </message>
    <message>
        <source>The values of the file are listed with the number of rows they stand in.</source>
        <translation>ファイルにある値を、その行数とともに並べています。</translation>
    </message>
</context>
<context>
    <name>ViewFrame</name>
    <message>
        <source>Save as PNG…</source>
        <translation>PNG で保存…</translation>
    </message>
    <message>
        <source>Save as SVG…</source>
        <translation>SVG で保存…</translation>
    </message>
    <message>
        <source>Save as PDF…</source>
        <translation>PDF で保存…</translation>
    </message>
    <message>
        <source>Save its data as CSV…</source>
        <translation>データを CSV で保存…</translation>
    </message>
    <message>
        <source>Copy the picture</source>
        <translation>図をコピー</translation>
    </message>
    <message>
        <source>Copy the data</source>
        <translation>データをコピー</translation>
    </message>
    <message>
        <source>Save the file with all the data…</source>
        <translation>全データのファイルを保存…</translation>
    </message>
    <message>
        <source>Show everything (double click)</source>
        <translation>全体を表示（ダブルクリック）</translation>
    </message>
    <message>
        <source>Save, copy</source>
        <translation>保存・コピー</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>Results read into a project</source>
        <translation>プロジェクトへの結果の読み込み</translation>
    </message>
    <message>
        <source>Prediction database</source>
        <translation>予測データベース</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>Sending</source>
        <translation>送信中</translation>
    </message>
    <message>
        <source>Waiting to send</source>
        <translation>送信待ち</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>受付不可</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>待機中</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>実行中</translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation>キャンセル中</translation>
    </message>
    <message>
        <source>Succeeded</source>
        <translation>成功</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>キャンセル済み</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>接続中</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>起動中</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>利用可能</translation>
    </message>
    <message>
        <source>Away</source>
        <translation>応答なし</translation>
    </message>
    <message>
        <source>Access refused</source>
        <translation>アクセス拒否</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Other version</source>
        <translation>バージョン違い</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>このコンピューター</translation>
    </message>
    <message>
        <source>{n} bytes</source>
        <translation>{n} バイト</translation>
    </message>
    <message>
        <source>{size}/s</source>
        <translation>{size}/秒</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} 秒</translation>
    </message>
    <message>
        <source>{m} min {s} s</source>
        <translation>{m} 分 {s} 秒</translation>
    </message>
    <message>
        <source>{h} h {m} min</source>
        <translation>{h} 時間 {m} 分</translation>
    </message>
    <message>
        <source>{d} d {h} h</source>
        <translation>{d} 日 {h} 時間</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} 分</translation>
    </message>
    <message>
        <source>{n} h</source>
        <translation>{n} 時間</translation>
    </message>
    <message>
        <source>{low} – {high}</source>
        <translation>{low}～{high}</translation>
    </message>
    <message>
        <source>all of them</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>registered on the server as {name}, genome build {build}</source>
        <translation>サーバーに {name} として登録済み（ゲノムビルド {build}）</translation>
    </message>
    <message>
        <source>Genome</source>
        <translation>ゲノム</translation>
    </message>
    <message>
        <source>Genes</source>
        <translation>遺伝子</translation>
    </message>
    <message>
        <source>Spike-in sites</source>
        <translation>スパイクインの部位</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今日</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨日</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>たった今</translation>
    </message>
</context>
<context>
    <name>_Ago</name>
    <message numerus="yes">
        <source>%Ln min ago</source>
        <translation>
            <numerusform>%Ln 分前</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln h ago</source>
        <translation>
            <numerusform>%Ln 時間前</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) ago</source>
        <translation>
            <numerusform>%Ln 日前</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Counted</name>
    <message numerus="yes">
        <source>%Ln target(s)</source>
        <translation>
            <numerusform>目的変数 %Ln</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln fold(s)</source>
        <translation>
            <numerusform>分割 %Ln</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln trial(s)</source>
        <translation>
            <numerusform>試行 %Ln</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s)</source>
        <translation>
            <numerusform>%Ln 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln search(es)</source>
        <translation>
            <numerusform>探索 %Ln 回</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln setting(s) tried</source>
        <translation>
            <numerusform>%Ln 通りの設定を試行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln pair(s)</source>
        <translation>
            <numerusform>%Ln 対</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln read(s)</source>
        <translation>
            <numerusform>%Ln リード</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Counts</name>
    <message numerus="yes">
        <source>%Ln experiment(s) of {project}, revision {revision}: {filter}</source>
        <translation>
            <numerusform>{project} の実験 %Ln 件（版 {revision}）：{filter}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s)</source>
        <translation>
            <numerusform>%Ln 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln column(s)</source>
        <translation>
            <numerusform>%Ln 列</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Item</name>
    <message>
        <source>Move up</source>
        <translation>上へ移動</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>下へ移動</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>取り除く</translation>
    </message>
</context>
<context>
    <name>_NameDialog</name>
    <message>
        <source>Save these settings</source>
        <translation>この設定を保存</translation>
    </message>
    <message>
        <source>Name of the preset</source>
        <translation>プリセットの名前</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>This replaces the preset of that name.</source>
        <translation>同じ名前のプリセットを置き換えます。</translation>
    </message>
    <message>
        <source>The data file is not part of a preset.</source>
        <translation>データファイルはプリセットに含まれません。</translation>
    </message>
</context>
<context>
    <name>_SmallTable</name>
    <message>
        <source>… and {0} more</source>
        <translation>…ほか {0} 件</translation>
    </message>
</context>
<context>
    <name>form</name>
    <message>
        <source>This is needed.</source>
        <translation>入力が必要です。</translation>
    </message>
    <message>
        <source>Choose a column.</source>
        <translation>列を選んでください。</translation>
    </message>
    <message>
        <source>Choose yes or no.</source>
        <translation>はいかいいえを選んでください。</translation>
    </message>
    <message>
        <source>Choose one of the list.</source>
        <translation>一覧から選んでください。</translation>
    </message>
    <message>
        <source>This needs values for its fields.</source>
        <translation>各項目の値が必要です。</translation>
    </message>
    <message>
        <source>This needs a number.</source>
        <translation>数値を入力してください。</translation>
    </message>
    <message>
        <source>This needs a whole number.</source>
        <translation>整数を入力してください。</translation>
    </message>
    <message>
        <source>Must be between {0} and {1}.</source>
        <translation>{0} から {1} の間で入力してください。</translation>
    </message>
    <message>
        <source>Must be at least {0}.</source>
        <translation>{0} 以上で入力してください。</translation>
    </message>
    <message>
        <source>Must be at most {0}.</source>
        <translation>{0} 以下で入力してください。</translation>
    </message>
    <message>
        <source>Must be more than {0}.</source>
        <translation>{0} より大きい値を入力してください。</translation>
    </message>
    <message>
        <source>Must be less than {0}.</source>
        <translation>{0} より小さい値を入力してください。</translation>
    </message>
    <message>
        <source>Must be a multiple of {0}.</source>
        <translation>{0} の倍数を入力してください。</translation>
    </message>
    <message>
        <source>This needs text.</source>
        <translation>文字を入力してください。</translation>
    </message>
    <message>
        <source>The file has no column “{0}”.</source>
        <translation>ファイルに列「{0}」はありません。</translation>
    </message>
    <message>
        <source>At least {0} characters are needed.</source>
        <translation>{0} 文字以上必要です。</translation>
    </message>
    <message>
        <source>At most {0} characters; this has {1}.</source>
        <translation>{0} 文字以内です（現在 {1} 文字）。</translation>
    </message>
    <message>
        <source>This does not have the form that is asked for.</source>
        <translation>求められている形式ではありません。</translation>
    </message>
    <message>
        <source>This needs a list.</source>
        <translation>一覧が必要です。</translation>
    </message>
    <message>
        <source>Give at least {0}.</source>
        <translation>{0} 個以上必要です。</translation>
    </message>
    <message>
        <source>At most {0} are possible; there are {1}.</source>
        <translation>{0} 個まで指定できます（現在 {1} 個）。</translation>
    </message>
    <message>
        <source>The file has no column {0}.</source>
        <translation>ファイルに列 {0} がありません。</translation>
    </message>
    <message>
        <source>Something stands here twice.</source>
        <translation>同じものが 2 回あります。</translation>
    </message>
    <message>
        <source>This needs pairs of a name and a value.</source>
        <translation>名前と値の組が必要です。</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>はい</translation>
    </message>
    <message>
        <source>No</source>
        <translation>いいえ</translation>
    </message>
</context>
</TS>
