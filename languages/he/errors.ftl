### מה שהשרת דוחה, לפי הקוד שבמסמך השגיאה, במילים לתלמיד (docs/translating.md).

## חלקי הודעות

place =
    { $where ->
        [layer] שכבה { $layer }
        [layer-setting] שכבה { $layer }, { setting-name }
        [setting] { setting-name }
       *[nothing] הבקשה
    }
nothing = כלום
separator = {", "}
yes = כן (true)
no = לא (false)
in-english = השרת אומר, באנגלית: { $detail }
other = { in-english }
bounds =
    { $bounds ->
        [minimum] {" "}שהוא לפחות { $minimum }
        [maximum] {" "}שהוא לכל היותר { $maximum }
        [minimum-maximum] {" "}בין { $minimum } ל־⁠{ $maximum }
        [above] {" "}גדול מ־⁠{ $above }
        [below] {" "}קטן מ־⁠{ $below }
        [above-maximum] {" "}גדול מ־⁠{ $above } ולכל היותר { $maximum }
        [above-below] {" "}גדול מ־⁠{ $above } וקטן מ־⁠{ $below }
        [minimum-below] {" "}שהוא לפחות { $minimum } וקטן מ־⁠{ $below }
       *[any] {""}
    }
setting-name =
    { $setting ->
        [units] מספר הנוירונים
        [activation] פונקציית האקטיבציה
        [filters] מספר המסננים
        [kernel_size] גודל המסנן
        [strides] הפסיעה
        [padding] הריפוד
        [pool_size] החלון
        [rate] שיעור ה־⁠dropout
        [dropout] שיעור ה־⁠dropout
        [target_shape] הצורה
        [kernel_initializer] אתחול המשקלים
        [bias_initializer] אתחול ההטיות
        [type] סוג השכבה
        [id] שם השכבה
        [layers] השכבות
        [loss-name] פונקציית ההפסד
        [optimizer-name] האופטימייזר
        [data-name] מערך הנתונים
        [learning_rate] קצב הלמידה α
        [batch_size] גודל האצווה
        [samples] מספר הדוגמאות
        [noise] הרעש
        [degree] מעלת הפולינום
        [scaling] איזון המאפיינים
        [target_scaling] איזון משתנה המטרה
        [features] הקלטים
        [inputs] הקלטים
        [points] הנקודות
        [classes] המחלקות
        [size] גודל התמונות
        [split] חלוקת הנתונים
        [train] קבוצת האימון
        [cv] קבוצת התיקוף
        [train_rows] מספר דוגמאות האימון
        [target] משתנה המטרה
        [upload] הקובץ שהועלה
        [file] הקובץ
        [picture] התמונה
        [momentum] התנע
        [nesterov] תנע Nesterov
        [weight_decay] דעיכת המשקלים
        [schedule] שינוי α לאורך האימון
        [patience] הסבלנות של העצירה המוקדמת
        [augmentation] הרחבת הנתונים
        [seed] הזרע
        [split_seed] הזרע של החלוקה
        [optimizer] האופטימייזר
        [loss] פונקציית ההפסד
        [data] הנתונים
        [spec] ההגדרות
        [lab] השיעור
        [views] המבטים
        [run] ההרצה
        [seeds] החזרות
        [steps] הצעדים
        [point] הבחירה
        [photograph] התצלום
        [framework] סביבת הפיתוח
        [shuffle] סדר הדוגמאות
        [updates] סדר העדכונים
        [early_stopping] העצירה המוקדמת
        [regularization] הרגולריזציה
        [l1] L1
        [l2] L2
        [trainable] הלמידה של השכבה
        [use_bias] ההטיה
        [pretrained] המשקלים המאומנים
        [epsilon] ε
        [negative_slope] השיפוע מתחת לאפס
        [max_value] התקרה
        [threshold] הסף
        [objects] מספר העצמים
        [smallest] העצם הקטן ביותר
        [largest] העצם הגדול ביותר
        [overlap] החפיפה
        [clutter] העומס
        [mirror] היפוך המראה
        [zoom] ההגדלה
        [rotate] הסיבוב
        [shift] ההזזה
        [colour] הצבע
        [value] הערך
        [index] המקום
        [tensor] המשקלים
        [op] הפקודה
        [count] מספר הצעדים
        [token] האסימון
        [step] הצעד
        [format] הצורה
        [lang] השפה
        [body] הקובץ
        [j_train] J של האימון
       *[other] { $setting }
    }
layer-kind =
    { $type ->
        [Dense] מחוברת במלואה
        [Conv2D] קונבולוציה
        [DepthwiseConv2D] קונבולוציה לפי ערוץ
        [SeparableConv2D] קונבולוציה פריקה
        [MaxPooling2D] איגום מרבי
        [AveragePooling2D] איגום ממוצע
        [GlobalAveragePooling2D] ממוצע גלובלי
        [GlobalMaxPooling2D] מקסימום גלובלי
        [ZeroPadding2D] ריפוד באפסים
        [UpSampling2D] הגדלה
        [BatchNormalization] נרמול אצווה
        [Dropout] Dropout
        [Flatten] שיטוח
        [Reshape] שינוי צורה
        [Activation] אקטיבציה
        [ReLU] ReLU
       *[other] { $type }
    }
kind-name =
    { $kind ->
        [layer] סוג שכבה
        [loss] פונקציית הפסד
        [optimizer] אופטימייזר
        [activation] פונקציית אקטיבציה
        [initializer] אתחול
        [regularizer] רגולריזציה
        [schedule] שינוי של α
        [data-set] מערך נתונים
        [architecture] ארכיטקטורה
        [scaling] איזון מאפיינים
        [feature] קלט
        [view] מבט
        [metric] מדד
        [op] פקודה
       *[other] { $kind }
    }
task-wants =
    { $task ->
        [regression] מספר אחד
        [binary] הסתברות אחת
        [multiclass] { $outputs ->
            [one] מספר אחד
            [two] שני מספרים, אחד לכל מחלקה
           *[other] { $outputs } מספרים, אחד לכל מחלקה
        }
        [reconstruction] הקלט של עצמה
        [landmarks] x ו־⁠y של כל נקודת ציון: { $outputs } מספרים
        [localisation] תיבה ומחלקה: { $outputs } מספרים
        [detection] רשת של תאים ו־⁠{ $outputs } מספרים בכל תא
       *[other] דבר אחר
    }
task-name =
    { $task ->
        [regression] מספר
        [binary] כן או לא
        [multiclass] אחת מכמה מחלקות
        [reconstruction] הקלט עצמו
        [landmarks] נקודות ציון
        [localisation] עצם אחד והתיבה שלו
        [detection] כל העצמים והתיבות שלהם
       *[other] דבר אחר
    }
box-place =
    { $unit ->
        [line] { $file }, שורה { $number }
       *[annotation] { $file }, סימון { $number }
    }

## ערכים של הגדרות ובקשות

value-missing = { place }: חסר { $key }.
value-unknown = { place }: אין כאן דבר בשם { $key }.
value-whole = { place }: כאן צריך מספר שלם{ bounds }; התקבל { $got }.
value-number = { place }: כאן צריך מספר{ bounds }; התקבל { $got }.
value-range = { place }: כאן צריך מספר{ bounds }; התקבל { $got }.
value-finite = { place }: כאן צריך מספר סופי; התקבל { $got }.
value-large = { place }: { $got } גדול מדי. מספר כאן יכול להיות לכל היותר ±{ $most }.
value-yes-no = { place }: כאן צריך כן או לא; התקבל { $got }.
value-text = { place }: כאן צריך טקסט; התקבל { $got }.
value-list = { place }: כאן צריך רשימה; התקבל { $got }.
value-object = { place }: כאן צריך הגדרות עם שמות; התקבל { $got }.
value-none = { place }: כאן לא צריך להיות דבר; התקבל { $got }.
value-choice = { place }: { $got } אינו אחת האפשרויות. האפשרויות: { $choices }.
value-shape = { place }: כאן צריך צורה, למשל 28 × 28 × 1; התקבל { $got }.
value-pair = { place }: כאן צריך מספר שלם{ bounds }, או שניים כאלה; התקבל { $got }.
value-sides = { place }: כאן צריך מספר שלם{ bounds }, או אחד לכל צד; התקבל { $got }.
value-sizes = { place }: כאן צריך 1 עד 20 זוגות של רוחב וגובה, מעל 0 ולכל היותר 2; התקבל { $got }.
text-short = { place }: הטקסט קצר מדי. צריך לפחות { $minimum ->
        [one] תו אחד
        [two] שני תווים
       *[other] { $minimum } תווים
    }.
text-long = { place }: הטקסט ארוך מדי. אפשר לכל היותר { $maximum ->
        [one] תו אחד
        [two] שני תווים
       *[other] { $maximum } תווים
    }.
name-letters = { place }: בשם יש אותיות לועזיות, ספרות, - ו־⁠_, לכל היותר 32, והוא מתחיל באות; התקבל { $got }.
list-short = { place }: הרשימה קצרה מדי. צריך לפחות { $minimum ->
        [one] איבר אחד
        [two] שני איברים
       *[other] { $minimum } איברים
    }.
list-long = { place }: הרשימה ארוכה מדי. אפשר לכל היותר { $maximum ->
        [one] איבר אחד
        [two] שני איברים
       *[other] { $maximum } איברים
    }.
limit-value = { place }: השרת הזה מרשה לכל היותר { $most }; התקבל { $got }.
numbers-finite = { place }: אחד המספרים אינו סופי או גדול מדי: { $got }. לכל היותר אפשר ±{ $most }.
numbers-large = { place }: אחד המספרים גדול מדי. לכל היותר אפשר ±{ $most }.
numbers-only = { place }: כאן צריך מספרים; התקבל { $got }.
number-large = מספר שלם בבקשה גדול מדי (יותר מ־⁠64 סיביות).
rows-ragged = { place }: השורות אינן באותו אורך.
too-deep = בבקשה יש רשימה בתוך רשימה בתוך רשימה, ביותר מדי רמות.
half-character = בטקסט של הבקשה יש חצי תו, ואי אפשר לקרוא אותו.
not-json = הבקשה אינה JSON תקין.
unknown-name = אין { kind-name } בשם { $name }. יש: { $known }.
unknown-name-near = אין { kind-name } בשם { $name }. האם הכוונה ל־⁠{ $near }?
not-here = אין כאן { kind-name } בשם { $name }; בסביבות אחרות יש.
unknown-argument = { place }: אין ל־⁠{ $who } הגדרה בשם { $name }.
unknown-argument-near = { place }: אין ל־⁠{ $who } הגדרה בשם { $name }. האם הכוונה ל־⁠{ $near }?
argument-missing = { place }: חסר ערך של { $argument }.
argument-foreign = { place }: אין כאן { $argument } ל־⁠{ $who }; בסביבות אחרות יש.
interval-empty = { place }: הקצה התחתון, { $low }, גדול מן הקצה העליון, { $high }.
initializer-wanted = { place }: כאן צריך שם של אתחול; התקבל { $got }.
no-entry = אין מקום { $place }: ברשימה יש { $entries ->
        [one] איבר אחד
        [two] שני איברים
       *[other] { $entries } איברים
    }.
no-setting = אין הגדרה { $place }. יש: { $known }.
nothing-inside = אין הגדרה { $place }: בתוך { $outside } אין דבר.

## נתונים

split-whole = קבוצת האימון וקבוצת התיקוף הן יחד יותר מכל הדוגמאות (חלק של { $got }).
augmentation-boxes = הרחבת נתונים: תיבות ונקודות ציון לא יזוזו עם התמונה. אפשר לשנות רק את הצבעים.
augmentation-no-pictures = הרחבת נתונים מיועדת לתמונות, ובמערך הנתונים { $data } אין תמונות.
images-features = הדוגמאות של { $data } הן תמונות, ולכן אי אפשר לבנות מהן קלטים נוספים.
no-features = לרשת דרוש לפחות קלט אחד.
features-many = מעלה { $degree } יוצרת { $inputs ->
        [one] מקלט אחד
        [two] משני קלטים
       *[other] מ־⁠{ $inputs } קלטים
    } { $got } קלטים. אפשר לכל היותר { $most }: הנמיכו את המעלה.
feature-size =
    { $way ->
        [large] הקלט { $feature } נעשה גדול מכדי לחשב אותו. הנמיכו את המעלה, או מדדו את הנתונים בקנה מידה גדול יותר.
       *[small] הקלט { $feature } נעשה קטן מכדי לחשב אותו. הנמיכו את המעלה, או מדדו את הנתונים בקנה מידה קטן יותר.
    }
input-too-large = הקלט { $feature } מגיע ל־⁠{ $got }, גדול מכדי להתאמן עליו. אזנו את הקלטים או הנמיכו את המעלה.
input-too-small = הקלט { $feature } הוא לכל היותר { $got }, קטן כל כך שהוא נחשב 0. אזנו את הקלטים.
target-too-small = משתנה המטרה { $target } הוא לכל היותר { $got }, קטן כל כך שהוא נחשב 0. אזנו אותו.
points-few = צריך לפחות 2 נקודות; { $got ->
        [0] אין אף נקודה
        [one] יש נקודה אחת
       *[other] יש { $got }
    }.
points-one-class = כשיש מחלקה אחת בלבד אין בין מה למה להבחין. בחרו ערכים, או 2 עד 10 מחלקות.
point-class = המחלקה של אחת הנקודות היא { $got }. המחלקות הן 0 עד { $most }.
no-upload = הקובץ שהועלה אינו כאן עוד. העלו אותו שוב.
upload-no-boxes = בקובץ שהועלה אין תיבות.

## טבלאות

csv-zero-byte = זה אינו קובץ טקסט. שמרו את הטבלה כ־⁠CSV ונסו שוב.
csv-not-utf8 = אי אפשר לקרוא את הקובץ כטקסט (UTF-8) מבית { $byte } ואילך. שמרו אותו כ־⁠CSV UTF-8.
csv-broken = שורה { $row }: אי אפשר לקרוא את התא. אולי חסרות מירכאות סוגרות.
csv-empty = הקובץ ריק. צריך שורת כותרות ולפחות שתי שורות נתונים.
csv-rows = מתחת לכותרות צריך לפחות שתי שורות נתונים; { $got ->
        [0] אין אף שורה
        [one] יש שורה אחת
       *[other] יש { $got }
    }.
csv-cells = בשורה { $row } יש { $got ->
        [one] תא אחד
        [two] שני תאים
       *[other] { $got } תאים
    }, ובשורת הכותרות { $wanted }.
csv-columns = בטבלה יש { $got } עמודות. נקראות לכל היותר { $most }.
csv-no-name = לעמודה { $column } אין כותרת.
csv-name-twice = עמודה { $column }: גם לעמודה אחרת קוראים { $name }.
csv-no-header = בשורה הראשונה יש רק מספרים. הוסיפו מעליה שורה עם שמות העמודות.
csv-no-column = אין עמודה בשם { $name }. בקובץ יש: { $known }.
csv-target-input = העמודה { $name } אינה יכולה להיות גם קלט וגם משתנה המטרה.
csv-no-inputs = לא נשארה עמודה של מספרים לקלטים.
csv-whole-rows = צריך לפחות שתי שורות בלי ערכים חסרים; { $got ->
        [0] אין אף שורה
        [one] יש שורה אחת
       *[other] יש { $got }
    }.
csv-one-class = בעמודה { $name } יש בכל השורות אותה מחלקה, { $only }. צריך לפחות שתיים.
csv-classes = בעמודה { $name } יש { $got } מחלקות. אפשר לכל היותר { $most }.
csv-number = שורה { $row }, עמודה { $name }: כאן צריך מספר, ו־⁠{ $got } אינו מספר.
csv-number-large = שורה { $row }, עמודה { $name }: { $got } גדול מדי. לכל היותר אפשר ±{ $most }.

## תמונות ותיבות

not-zip = זה אינו ארכיון ZIP.
form-names = לשניים מן הקבצים קוראים { $name }. לכל קובץ צריך שם משלו.
form-broken = הקבצים לא הגיעו בשלמותם. נסו שוב.
file-large = בקובץ יש { $got } בתים. מותרים לכל היותר { $most }.
pictures-none = אין תמונות בארכיון. שימו אותן בתיקיות, אחת לכל מחלקה.
pictures-many = יש { $got } תמונות. נקראות לכל היותר { $most }.
pictures-large = בתמונות יש יחד { $got } בתים. מותרים לכל היותר { $most }.
picture-no-folder = { $file }: התמונה צריכה להימצא בתיקייה ששמה הוא שם המחלקה.
picture-pixels = { $file }: { $width } × { $height } פיקסלים הם יותר מדי.
picture-unreadable = { $file }: אי אפשר לקרוא את הקובץ כתמונה.
folders = { $got ->
        [one] יש רק תיקייה אחת
       *[other] יש { $got } תיקיות
    }. צריך 2 עד { $most }, אחת לכל מחלקה.
folder-one = בתיקייה { $folder } צריך לפחות 2 תמונות.
boxes-none = אין תיבות. הוסיפו קובץ COCO JSON, או קובץ טקסט ליד כל תמונה.
boxes-pictures = צריך 1 עד { $most } תמונות; { $got ->
        [0] אין אף תמונה
        [one] יש תמונה אחת
       *[other] יש { $got }
    }.
boxes-classes = צריך 1 עד { $most } מחלקות; { $got ->
        [0] אין אף מחלקה
        [one] יש מחלקה אחת
       *[other] יש { $got }
    }.
boxes-many = { $file }: בתמונה יש { $got } תיבות. נקראות לכל היותר { $most }.
box-numbers = { box-place }: כאן צריך חמישה מספרים (מחלקה, x, y, w, h); התקבל: { $got }
box-class = { box-place }: המחלקה צריכה להיות מספר שלם בין 0 ל־⁠{ $most }; התקבל { $got }.
box-empty = { box-place }: לתיבה צריך רוחב וגובה מעל 0.
box-outside = { box-place }: התיבה נמצאת מחוץ לתמונה שלה.
coco-broken = { $file }: זה אינו COCO JSON.
coco-no-picture = { $file }, סימון { $number }: התמונה { $picture } אינה בארכיון.
picture-base64 = התמונה לא הגיעה בשלמותה (אי אפשר לקרוא את ה־⁠base64 שלה).
picture-bytes = התמונה צריכה להיות { $shape } פיקסלים, { $wanted } בתים; התקבלו { $got }.

## הרשת

layer-ids-equal = לשתי שכבות קוראים { $id }. לכל שכבה צריך שם משלה.
layer-needs-pictures = שכבה { $layer } ({ layer-kind }) צריכה תמונות; כאן יש לכל דוגמה { $size ->
        [one] מספר אחד
        [two] שני מספרים
       *[other] { $size } מספרים
    } בלבד.
layer-needs-vectors = שכבה { $layer } ({ layer-kind }) צריכה שורה של מספרים; כאן מגיעה תמונה של { $got }. הוסיפו לפניה שכבת שיטוח.
layer-needs-features = שכבה { $layer }: צריך לפחות מספר אחד לכל דוגמה.
window-too-large = שכבה { $layer }: חלון של { $window } אינו נכנס בתמונה של { $got }. הקטינו אותו, או בחרו ריפוד same.
strides-and-dilation = שכבה { $layer }: הפסיעה והדילול אינם יכולים להיות שניהם מעל 1.
groups = שכבה { $layer }: גם { $channels } הערוצים וגם { $filters } המסננים צריכים להתחלק ל־⁠{ $groups } קבוצות.
branches-differ = שכבה { $layer }: הענפים שלה מסתיימים בגדלים שונים.
block-shortcut = שכבה { $layer }: הבלוק מסתיים בצורה { $got }, והחיבור העוקף בצורה { $wanted }.
block-input = שכבה { $layer }: הבלוק הופך { $wanted } ל־⁠{ $got }, ולכן אי אפשר לחבר את השניים. תנו לו חיבור עוקף שמשנה את הצורה.
layer-built-for = שכבה { $layer } נבנתה לקלט של { $wanted }; התקבל { $got }.
side-output = שכבה { $layer }: הענף הצדדי צריך להשיב { $wanted }, כמו הרשת; הוא משיב { $got }.
relu-threshold = שכבה { $layer }: הסף { $threshold } צריך להיות מתחת לתקרה { $max_value }.
reshape-size = שכבה { $layer }: אי אפשר לסדר { $size } מספרים בצורה { $got }.
reshape-empty = שכבה { $layer }: כל צד של הצורה צריך להיות לפחות 1; הצורה היא { $got }.
layer-nested = { place }: שכבת { $type } עשויה מרשימות של שכבות, ואי אפשר לכתוב אותן כאן. השתמשו באחד הבלוקים.
layer-no-kernel = { place }: לשכבה מסוג { layer-kind } אין משקלים לרגולריזציה.
layer-has-no = { place }: לשכבה מסוג { layer-kind } אין הגדרה בשם { $name }.
units-auto = { place }: רק השכבה האחרונה יכולה לקבוע בעצמה את מספר הנוירונים. אמרו כמה יש כאן.
units-null = { place }: חסר מספר הנוירונים.
output-shape = השכבה האחרונה צריכה להשיב { task-wants }; היא משיבה { $got }.
loss-task = פונקציית ההפסד { $loss } אינה מתאימה: התשובה של הרשת היא { task-name }. מתאימות: { $known }.
no-logits = פונקציית ההפסד { $loss } אינה מקבלת logits; רק האנטרופיות הצולבות מקבלות.
clips = אפשר לקצץ גרדיאנטים בדרך אחת בלבד; נבחרו { $clips }.
adagrad-start = Adagrad היה מחלק 0 ב־⁠0: הערך ההתחלתי של הסכום שלו או ε צריך להיות מעל 0.
updates-sequential = עדכון של משקל אחר משקל אפשרי רק ב־⁠SGD פשוט, בלי תנע.
limit-total =
    { $what ->
        [weights] ברשת יש { $got } משקלים. השרת הזה מרשה לכל היותר { $most }.
        [work] לצעד אחד דרושות { $got } פעולות כפל. השרת הזה מרשה לכל היותר { $most }.
       *[memory] לרשת דרושים { $got } בתים של זיכרון. השרת הזה מרשה לכל היותר { $most }.
    }
slide-padding = שכבה { $layer } מרפדת את התמונות באפסים, ולכן חלון אינו יכול להחליק דרך הרשת הזאת במעבר אחד.
slide-strides = לשכבה { $layer } פסיעות שונות למטה ולרוחב, { $got }, ולכן חלון אינו יכול להחליק דרכה.
slide-layer = חלון אינו יכול להחליק דרך שכבה { $layer } ({ layer-kind }).
regularizer-wanted = { place }: כאן צריך רגולריזציה; התקבל { $got }.

## הרצה ופקודות

no-run = אין הרצה { $run }.
run-follows-itself = הרצה אינה יכולה לבוא אחרי עצמה.
run-elsewhere = ההרצה אינה כאן עוד.
run-ended = ההרצה הסתיימה.
run-of-another-version = ההרצה הזאת נשמרה בגרסה אחרת של Descent, והגרסה הזאת אינה יכולה לקרוא אותה.
run-recovering = ההרצה משוחזרת. נסו שוב בעוד שנייה.
run-token = רק מי שפתח את ההרצה יכול לשלוט בה. לצפות בה יכולים כולם.
spec-or-lab = להרצה צריך הגדרות או שיעור, אחד מן השניים.
unknown-lab = אין שיעור בשם { $name }.
diverged = ההרצה התבדרה בצעד { $step }: המספרים שלה גדלו בלי גבול. חזרו לאחור או אפסו אותה תחילה.
steps-running = הצעדים שהתבקשו קודם עדיין נעשים.
empty-pile =
    { $op ->
        [undo] אין מה לבטל.
       *[redo] אין מה לבצע מחדש.
    }
no-earlier = לא נשמר רגע מוקדם יותר של ההרצה.
no-surface = אין משטח מחיר לנוע עליו. פתחו אותו תחילה.
no-parameter = אין פרמטר { $name }. כך קוראים לפרמטרים: { $like }.
no-weight = אין משקל { $name }. ברשת יש: { $known }.
weight-index = הצורה של { $name } היא { $shape }; אין בה מקום { $index }.
weight-shape = הצורה של { $who } צריכה להיות { $wanted }; התקבל { $got }.
variance-negative = { $who }: שונות אינה יכולה להיות מתחת ל־⁠0; התקבל { $got }.
weights-missing = בקובץ חסרים המשקלים { $name }.
weights-kind = המשקלים { $name } הם מסוג { $got }; אפשר לקרוא: { $kinds }.
weights-not-safetensors = זה אינו קובץ safetensors.
solve-one-layer = המשוואה הנורמלית פותרת רק שכבה ליניארית אחת; ברשת הזאת יש שכבות נסתרות או אקטיבציה.
solve-loss = המשוואה הנורמלית ממזערת את השגיאה הריבועית; פונקציית ההפסד כאן היא { $loss }.
solve-l1 = המשוואה הנורמלית אינה מכירה קנס L1. קבעו L1 = 0 (עם L2 היא עובדת).
inputs-shape = הצורה של כל דוגמה צריכה להיות { $wanted }; התקבל { $got }.
inputs-many = אפשר לחשב תשובות לכל היותר ל־⁠{ $most } דוגמאות בבת אחת; התקבלו { $got }.
views-many = אפשר להביט לכל היותר ב־⁠{ $most } מבטים בבת אחת; התבקשו { $got }.
view-parameter = למבט { $view } אין הגדרה בשם { $name }.
view-parameters = למבט { $view } צריך הגדרות עם שמות; התקבל { $got }.

## סדרות הרצות

no-sweep = אין סדרת הרצות { $sweep }.
sweep-token = רק מי שפתח את סדרת ההרצות יכול לשלוט בה. לקרוא אותה יכולים כולם.
sweep-running = סדרת ההרצות עדיין נמשכת. בחרו כשתסתיים.
sweep-cancelled = סדרת ההרצות בוטלה.
sweep-runs-many = בסדרה יהיו { $got } הרצות. מותרות לכל היותר { $most }.
sweep-long = לסדרה דרושות { $got } פעולות כפל. מותרות לכל היותר { $most }. נסו פחות צעדים או רשת קטנה יותר.
sweeps-full = { $running ->
        [one] כבר נמשכת סדרת הרצות אחת
        [two] כבר נמשכות שתי סדרות הרצות
       *[other] כבר נמשכות { $running } סדרות הרצות
    }. נסו שוב בעוד דקה.
test-opened = קבוצת המבחן נפתחה לבחירה { $point }. להביט בה שוב פירושו לבחור לפיה.

## השרת

runs-full = כל { $most } המקומות תפוסים. נסו שוב בעוד כמה דקות, או צפו בהרצה.
client-runs-full = { $runs ->
        [one] כבר פעילה הרצה אחת מן הכתובת הזאת
        [two] כבר פעילות שתי הרצות מן הכתובת הזאת
       *[other] כבר פעילות { $runs } הרצות מן הכתובת הזאת
    }. סיימו אחת ונסו שוב.
playing-full = { $playing ->
        [one] כבר מתאמנת הרצה אחת
        [two] כבר מתאמנות שתי הרצות
       *[other] כבר מתאמנות { $playing } הרצות
    }. השהו אחת, או נסו שוב בעוד דקה.
jobs-full = { $running ->
        [one] כבר רץ חישוב אחד כזה
        [two] כבר רצים שני חישובים כאלה
       *[other] כבר רצים { $running } חישובים כאלה
    }. נסו שוב בעוד כמה שניות.
job-long = החישוב נמשך יותר { $seconds ->
        [one] משנייה אחת
        [two] משתי שניות
       *[other] מ־⁠{ $seconds } שניות
    }, ולכן הופסק. נסו רשת קטנה יותר.
commands-many = יותר מדי פקודות בזמן קצר. האטו ושלחו שוב את האחרונה.
unstored-move = המשקלים הוזזו, אבל השרת אינו יכול לשמור דבר כרגע: הפעלה מחדש שלו תבטל את ההזזה. נסו שוב בעוד זמן קצר.
unstored-command = השרת אינו יכול לשמור דבר כרגע, ולכן לא השתנה דבר. נסו שוב בעוד זמן קצר.
unstored-run = השרת אינו יכול לשמור דבר כרגע, ולכן לא נפתחה הרצה. נסו שוב בעוד זמן קצר.
worker-ended = תהליך האימון הסתיים. ההרצה משוחזרת.
no-worker = עדיין אין תהליך אימון. נסו שוב בעוד שנייה.
not-ready = השרת עדיין אינו מוכן. נסו שוב בעוד רגע.
restarting = השרת מופעל מחדש. נסו שוב בעוד כמה שניות.
memory = אין לזה די זיכרון. נסו רשת קטנה יותר או פחות דוגמאות.
fault = משהו השתבש אצלנו. הדבר נרשם.
body-large = הבקשה גדולה מדי. מותרים לכל היותר { $most } בתים.
content-length = הבקשה אינה אומרת מה אורכה.
host-foreign = השרת אינו עונה לכתובת הזאת.
origin-foreign = בקשות מן האתר הזה אינן מתקבלות כאן.
no-page = אין דבר בכתובת הזאת.
no-method = הכתובת קיימת, אבל לא לבקשה מן הסוג הזה.
stream-token = רק מי שפתח את ההרצה יכול לשלוט בה: שלחו קודם את האסימון.
stream-binary = הודעות צריכות להיות טקסט; זו לא הייתה.
stream-no-op = ההודעה אינה אומרת מה לעשות (op).
